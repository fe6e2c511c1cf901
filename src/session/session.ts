import type { Connection } from '../connections/connection.js';

const HOUR_MS = 60 * 60 * 1000;
const IDLE_MS = 12 * HOUR_MS;

/** The longest life of a session, however much it is used. */
export const SESSION_LIFE_MS = 7 * 24 * HOUR_MS;

/** One signed-in browser. Times are milliseconds since the Unix epoch. */
export interface Session {
  readonly connectionId: string;
  /** Hash of the `state` of the sign-in that began it. */
  readonly flowHash: string | undefined;
  readonly startedAtMs: number;
  /** Exact to five minutes. */
  readonly lastSeenAtMs: number;
  /** Moves on with use, up to the session's longest life. */
  readonly expiresAtMs: number;
}

/** A live session and the connection behind it. */
export interface SignedIn {
  readonly session: Session;
  readonly connection: Connection;
}

/** When a session ends that is not used again. */
export function expiryOf(startedAtMs: number, lastSeenAtMs: number): number {
  return Math.min(lastSeenAtMs + IDLE_MS, startedAtMs + SESSION_LIFE_MS);
}
