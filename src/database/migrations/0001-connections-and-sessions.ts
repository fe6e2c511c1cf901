import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The first tables: connections with their sealed tokens, and the browsers signed in to them. */
export const connectionsAndSessions: Migration = {
  async up(db) {
    await createConnections(db);
    await createSessions(db);
    await createFinishedFlows(db);
  },
};

async function createConnections(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connections')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('status_reason', 'text')
    .addColumn('subdomain', 'text')
    .addColumn('region', 'text', (column) => column.notNull())
    .addColumn('profile', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('sealed_access_token', 'text', (column) => column.notNull())
    .addColumn('sealed_refresh_token', 'text')
    .addColumn('access_token_expires_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('refresh_deadline_ms', 'bigint', (column) => column.notNull())
    .addColumn('grant_ends_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addUniqueConstraint('connections_owner_account_user', ['owner', 'account_id', 'user_id'])
    .execute();
}

async function createSessions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('connection_id', 'text', (column) =>
      column.notNull().references('connections.id').onDelete('cascade'),
    )
    .addColumn('flow_hash', 'text')
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sessions_flow_hash').on('sessions').column('flow_hash').execute();
  await db.schema
    .createIndex('sessions_connection_id')
    .on('sessions')
    .column('connection_id')
    .execute();
  await db.schema
    .createIndex('sessions_expires_at_ms')
    .on('sessions')
    .column('expires_at_ms')
    .execute();
}

async function createFinishedFlows(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('finished_flows')
    .addColumn('flow_hash', 'text', (column) => column.primaryKey())
    .addColumn('connection_id', 'text', (column) => column.notNull())
    .addColumn('return_path', 'text', (column) => column.notNull())
    .addColumn('finished_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('finished_flows_finished_at_ms')
    .on('finished_flows')
    .column('finished_at_ms')
    .execute();
}
