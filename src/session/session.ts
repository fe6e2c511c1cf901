import type { Connection } from '../connections/connection.js';

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
