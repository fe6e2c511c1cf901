/** PagerDuty's two kinds of app: a Scoped one asks for scopes with a dot, and its grants live shorter. */
export type AppKind = 'classic' | 'scoped';

/** When each part of a grant ends, in milliseconds since the Unix epoch. */
export interface GrantCalendar {
  readonly accessTokenExpiresAtMs: number;
  /** Without a refresh until then, the refresh token ends. */
  readonly refreshDeadlineMs: number;
  /** However often it is refreshed, the grant ends then. */
  readonly grantEndsAtMs: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** As documented by PagerDuty for each kind of app; the access token's own life is told by each answer. */
const LIFETIMES = {
  classic: { idleMs: 210 * DAY_MS, absoluteMs: 3 * 365 * DAY_MS },
  scoped: { idleMs: 30 * DAY_MS, absoluteMs: 365 * DAY_MS },
} as const satisfies Record<AppKind, object>;

/** The dates of a grant that begins now; `expiresInS` is the token answer's `expires_in`, in seconds. */
export function grantCalendar(kind: AppKind, nowMs: number, expiresInS: number): GrantCalendar {
  const { idleMs, absoluteMs } = LIFETIMES[kind];
  return {
    accessTokenExpiresAtMs: nowMs + expiresInS * 1000,
    refreshDeadlineMs: nowMs + idleMs,
    grantEndsAtMs: nowMs + absoluteMs,
  };
}
