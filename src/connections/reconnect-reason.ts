import { AppError } from '../common/app-error.js';

/** How it is known that a grant is dead, each with the sentence that a person or program reads. */
export const RECONNECT_REASONS = {
  answer_lost:
    'The answer to a refresh was lost, and PagerDuty takes the old refresh token no more. Connect again.',
  ended_at_pagerduty:
    'PagerDuty takes the refresh token no more: the grant was revoked there, or has ended. Connect again.',
  unreadable:
    'The stored tokens cannot be opened: they were altered, or their key has left ENCRYPTION_KEYS. Connect again.',
  no_refresh_token:
    'PagerDuty gave no refresh token, and the access token has ended. Connect again.',
} as const satisfies Record<string, string>;

export type ReconnectReason = keyof typeof RECONNECT_REASONS;

/** The error for a connection whose person is needed again. */
export function reconnectRequired(reason: string | undefined): AppError {
  const known = Object.entries(RECONNECT_REASONS).find(([name]) => name === reason);
  return new AppError('reconnect_required', known?.[1] ?? 'The grant has ended. Connect again.');
}
