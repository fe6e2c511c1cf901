/** When each part of a grant ends, in milliseconds since the Unix epoch. */
export interface GrantCalendar {
  readonly accessTokenExpiresAtMs: number;
  /** Without a refresh until then, the refresh token ends. */
  readonly refreshDeadlineMs: number;
  /** However often it is refreshed, the grant ends then. */
  readonly grantEndsAtMs: number;
}

/** What a token answer says of the dates that move with it. */
export interface TokenDates {
  readonly access_token_issued_at_ms: number;
  readonly access_token_expires_at_ms: number;
  readonly refresh_deadline_ms: number;
  readonly keep_alive_due_at_ms: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** As documented by PagerDuty for each kind of app; the access token's own life is told by each answer. */
const LIFETIMES = {
  classic: { idleMs: 210 * DAY_MS, absoluteMs: 3 * 365 * DAY_MS },
  scoped: { idleMs: 30 * DAY_MS, absoluteMs: 365 * DAY_MS },
} as const;

/** How long a grant with these scopes lives; only a Scoped app has scopes with a dot. */
export function grantLifeMs(scope: readonly string[]): number {
  return lifetimesOf(scope).absoluteMs;
}

/**
 * The dates that each token answer sets anew.
 *
 * The keep-alive comes after a third to a half of the time that a grant may lie idle, by chance, so
 * that those who connected together are not all refreshed together.
 * @param expiresInS the answer's `expires_in`
 */
export function tokenDates(
  scope: readonly string[],
  issuedAtMs: number,
  expiresInS: number,
  chance: number = Math.random(),
): TokenDates {
  const { idleMs } = lifetimesOf(scope);
  return {
    access_token_issued_at_ms: issuedAtMs,
    access_token_expires_at_ms: issuedAtMs + expiresInS * 1000,
    refresh_deadline_ms: issuedAtMs + idleMs,
    keep_alive_due_at_ms: issuedAtMs + Math.round(idleMs * (1 / 3 + chance / 6)),
  };
}

function lifetimesOf(scope: readonly string[]): (typeof LIFETIMES)[keyof typeof LIFETIMES] {
  return LIFETIMES[scope.some((word) => word.includes('.')) ? 'scoped' : 'classic'];
}
