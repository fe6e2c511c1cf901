import { AppError } from '../common/app-error.js';
import { TokenRefusedError } from '../pagerduty/identity/token-refusal.js';
import { TransportError } from '../pagerduty/transport-error.js';

/** What a failed refresh means for the refresh token that was sent. */
export type RefreshFailure =
  /** PagerDuty said that the token is not good (any more). */
  | 'grant_refused'
  /** PagerDuty surely did not touch the token: it never arrived, or was turned away before. */
  | 'unspent'
  /** PagerDuty may have replaced the token, and the answer did not come through. */
  | 'perhaps_spent';

/** Reads a failure of the token endpoint for what it did to the token. */
export function classifyRefreshFailure(error: unknown): RefreshFailure {
  if (error instanceof TokenRefusedError) {
    return error.oauthError === 'invalid_grant' ? 'grant_refused' : 'unspent';
  }
  if (!(error instanceof AppError)) return 'perhaps_spent';
  if (error.code === 'rate_limited') return 'unspent';
  if (error.cause instanceof TransportError)
    return error.cause.neverSent ? 'unspent' : 'perhaps_spent';
  // A server that names the time to come back has not begun.
  return error.retryAfterS === undefined ? 'perhaps_spent' : 'unspent';
}
