import { HttpStatus } from '@nestjs/common';
import { AppError } from '../common/app-error.js';

/** How a request can end without an answer that can be read. */
export type TransportFailure = 'timed_out' | 'not_connected' | 'cut' | 'too_large';

/**
 * A request without a readable answer. It names the origin and Node's error code alone, and keeps no
 * cause: undici's parser errors hold the bytes that arrived, and those may be tokens.
 */
export class TransportError extends Error {
  constructor(
    readonly failure: TransportFailure,
    origin: string,
    reason: string,
  ) {
    super(`${origin}: ${reason}`);
    this.name = 'TransportError';
  }

  /** Whether the server surely never saw the request, so that sending it once more is safe. */
  get neverSent(): boolean {
    return this.failure === 'not_connected';
  }
}

const DETAILS: Readonly<Record<TransportFailure, string>> = {
  timed_out: 'PagerDuty did not answer in time. Please try again in a minute.',
  not_connected: 'PagerDuty cannot be reached from here. Please try again in a minute.',
  cut: 'The connection to PagerDuty broke. Please try again in a minute.',
  too_large: 'PagerDuty answered with more than an answer of this kind can hold.',
};

/** What a failed request means to the outside; other errors pass unchanged. */
export function toUnavailable(error: unknown): unknown {
  if (!(error instanceof TransportError)) return error;
  const status =
    error.failure === 'timed_out' ? HttpStatus.GATEWAY_TIMEOUT : HttpStatus.BAD_GATEWAY;
  return new AppError('pagerduty_unavailable', DETAILS[error.failure], { status, cause: error });
}
