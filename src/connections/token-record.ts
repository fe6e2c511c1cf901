import type { Region } from '../pagerduty/region.js';
import type { ConnectionStatus } from './connection.js';

/** A connection's row as a refresh sees it; tokens stay sealed. Times are of the database's clock. */
export interface TokenRecord {
  readonly id: string;
  /** Grows with each new token set: a write that names an older one finds no row. */
  readonly version: number;
  readonly status: ConnectionStatus;
  readonly statusReason: string | undefined;
  readonly region: Region;
  readonly scope: readonly string[];
  readonly sealedAccessToken: string;
  readonly sealedRefreshToken: string | undefined;
  readonly accessTokenIssuedAtMs: number;
  readonly accessTokenExpiresAtMs: number;
  readonly grantEndsAtMs: number;
  /** When the keep-alive shall refresh it, if nobody else did. */
  readonly keepAliveDueAtMs: number;
  readonly leaseOwner: string | undefined;
  readonly leaseUntilMs: number | undefined;
  /** The journal: a refresh began then, and how it ended is not known. */
  readonly refreshStartedAtMs: number | undefined;
  /** The database's time of this reading. */
  readonly nowMs: number;
}

const LONGEST_MARGIN_MS = 5 * 60_000;

/** How long before its end an access token is renewed: 5 minutes, or a tenth of its life if that is less. */
export function refreshMarginMs({
  accessTokenIssuedAtMs,
  accessTokenExpiresAtMs,
}: TokenRecord): number {
  return Math.min(LONGEST_MARGIN_MS, (accessTokenExpiresAtMs - accessTokenIssuedAtMs) / 10);
}

/** Milliseconds that the access token still lives; negative where it has ended. */
export function lifeLeftMs({ accessTokenExpiresAtMs, nowMs }: TokenRecord): number {
  return accessTokenExpiresAtMs - nowMs;
}
