import type { CompiledQuery, Selectable } from 'kysely';
import { CONNECTION_COLUMNS, type ConnectionRow } from '../connections/connection-row.js';
import type { Database } from '../database/database.js';
import type { SessionsTable } from '../database/schema.js';
import type { Session } from './session.js';

const SESSION_COLUMNS = [
  'sessions.token_hash',
  'sessions.connection_id',
  'sessions.flow_hash',
  'sessions.started_at_ms',
  'sessions.last_seen_at_ms',
  'sessions.expires_at_ms',
] as const;

type SessionRow = Selectable<SessionsTable>;

/** A session's row together with its connection's. */
export type SignedInRow = SessionRow & ConnectionRow;

/**
 * The query for a session and its connection by one indexed value, built once:
 * each page of a signed-in browser asks it, and building it takes as long as running it.
 */
export function compileFindBy(
  database: Database,
  key: 'token_hash' | 'flow_hash',
): CompiledQuery<SignedInRow> {
  return database
    .selectFrom('sessions')
    .innerJoin('connections', 'connections.id', 'sessions.connection_id')
    .select(CONNECTION_COLUMNS)
    .select(SESSION_COLUMNS)
    .where(key, '=', '')
    .compile();
}

/** The row as the rest of the program sees it. */
export function toSession(row: SessionRow): Session {
  return {
    connectionId: row.connection_id,
    flowHash: row.flow_hash ?? undefined,
    startedAtMs: row.started_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
