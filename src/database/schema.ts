/** The tables as Kysely sees them. Times are milliseconds since the Unix epoch; ids are text. */
export interface Schema {
  readonly connections: ConnectionsTable;
  readonly sessions: SessionsTable;
  readonly finished_flows: FinishedFlowsTable;
}

/** One row for each owner, account and user. */
export interface ConnectionsTable {
  readonly id: string;
  /** The host application's own user id, or empty for a person who signed in here. */
  readonly owner: string;
  readonly account_id: string;
  readonly user_id: string;
  readonly status: string;
  readonly status_reason: string | null;
  readonly subdomain: string | null;
  readonly region: string;
  /** JSON. */
  readonly profile: string;
  /** Space separated, as in OAuth. */
  readonly scope: string;
  readonly sealed_access_token: string;
  readonly sealed_refresh_token: string | null;
  readonly access_token_expires_at_ms: number;
  readonly refresh_deadline_ms: number;
  readonly grant_ends_at_ms: number;
  readonly created_at_ms: number;
  readonly updated_at_ms: number;
  /** Counts the row's token sets, so that a writer can tell whether somebody overtook it. */
  readonly version: number;
  /** Absent in rows from before it was kept, as the four below. */
  readonly access_token_issued_at_ms: number | null;
  readonly keep_alive_due_at_ms: number | null;
  /** The process that refreshes the tokens now, and until when it may take. */
  readonly lease_owner: string | null;
  readonly lease_until_ms: number | null;
  /** The journal: set while a refresh is under way, and left where how it ended is not known. */
  readonly refresh_started_at_ms: number | null;
}

/** One row for each signed-in browser; it ends with its connection. */
export interface SessionsTable {
  /** SHA-256 of the cookie's token: a copy of the table signs nobody in. */
  readonly token_hash: string;
  readonly connection_id: string;
  /** Hash of the `state` of the sign-in that began the session. */
  readonly flow_hash: string | null;
  readonly started_at_ms: number;
  readonly last_seen_at_ms: number;
  readonly expires_at_ms: number;
}

/** One row for each finished sign-in, for as long as its callback may arrive again; it outlives its session. */
export interface FinishedFlowsTable {
  /** Hash of the sign-in's `state`. */
  readonly flow_hash: string;
  readonly connection_id: string;
  readonly return_path: string;
  readonly finished_at_ms: number;
}
