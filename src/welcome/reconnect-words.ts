import type { ReconnectReason } from '../connections/reconnect-reason.js';

const WHY = {
  answer_lost:
    'PagerDuty’s answer to a refresh was lost on its way, and the tokens from before are no longer accepted.',
  ended_at_pagerduty:
    'PagerDuty has ended this connection: it was revoked there, or its time was over.',
  unreadable:
    'The stored tokens cannot be opened any more: they were altered, or their key is gone. They are not used, nor anybody else’s in their place.',
  no_refresh_token: 'The access token has ended, and PagerDuty gave no token to refresh it with.',
  token_rejected:
    'PagerDuty refuses this connection’s access token, even when it was just refreshed.',
} as const satisfies Record<ReconnectReason | 'token_rejected', string>;

const WHY_BY_REASON: ReadonlyMap<string, string> = new Map(Object.entries(WHY));

/** Why a connection needs its person again; a reason that is not known here says no more than that. */
export function whyReconnect(reason: string | undefined): string {
  return WHY_BY_REASON.get(reason ?? '') ?? 'The tokens of this connection can no longer be used.';
}
