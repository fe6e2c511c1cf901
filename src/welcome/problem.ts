import type { ErrorCode } from '../common/app-error.js';
import { ERROR_WORDS } from './error-words.js';

/** The media type of a {@link problemOf} (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

/** A failure as other programs read it. */
export interface ProblemFacts {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
}

/** A failure in the JSON of RFC 9457. */
export function problemOf({ code, status, detail, requestId }: ProblemFacts): string {
  const { title } = ERROR_WORDS[code];
  return JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail,
    code,
    request_id: requestId,
  });
}
