import { AppError } from '../common/app-error.js';
import type { TransportAnswer } from './http-transport.js';

const LONGEST_S = 300;
// PagerDuty counts by the minute: after one, any limit has moved on.
const UNTOLD_S = 60;

/**
 * The wait that an answer asks for in `Retry-After` or PagerDuty's `ratelimit-reset`, 1 to 300 seconds;
 * undefined where it asks for none that can be read, as PagerDuty's 429 without headers does.
 */
export function readRetryAfterS({ status, headers }: TransportAnswer): number | undefined {
  // Other answers may carry `ratelimit-reset` too: it tells the window then, not a wait.
  const reset = status === 429 ? headers['ratelimit-reset'] : undefined;
  const value = headers['retry-after'] ?? reset;
  if (typeof value !== 'string' || !/^\d+$/.test(value)) return undefined;
  return Math.min(LONGEST_S, Math.max(1, Number(value)));
}

/** PagerDuty's own limit was reached, as told by its answer 429. */
export function rateLimited(answer: TransportAnswer): AppError {
  return new AppError(
    'rate_limited',
    'PagerDuty asks this application to slow down for a moment.',
    {
      retryAfterS: readRetryAfterS(answer) ?? UNTOLD_S,
    },
  );
}

/** An answer that is an outage or makes no sense; only its status is told. */
export function unusable(answer: TransportAnswer): AppError {
  const retryAfterS = readRetryAfterS(answer);
  return new AppError(
    'pagerduty_unavailable',
    `PagerDuty gave an answer that cannot be used (status ${answer.status}). Please try again in a minute.`,
    retryAfterS === undefined ? {} : { retryAfterS },
  );
}

/** Whether the status says that the answer is what was asked for. */
export function isSuccess({ status }: TransportAnswer): boolean {
  return status >= 200 && status < 300;
}
