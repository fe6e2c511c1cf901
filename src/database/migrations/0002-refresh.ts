import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What refreshing needs to know: when the tokens came, who is refreshing them, and when to keep them alive. */
export const refresh: Migration = {
  async up(db) {
    await addColumn(db, 'access_token_issued_at_ms', 'bigint');
    await addColumn(db, 'keep_alive_due_at_ms', 'bigint');
    await addColumn(db, 'lease_owner', 'text');
    await addColumn(db, 'lease_until_ms', 'bigint');
    await addColumn(db, 'refresh_started_at_ms', 'bigint');
    await db.schema
      .createIndex('connections_keep_alive_due_at_ms')
      .on('connections')
      .columns(['status', 'keep_alive_due_at_ms'])
      .execute();
  },
};

/** SQLite takes one column a statement. */
async function addColumn(
  db: Kysely<unknown>,
  name: string,
  type: 'bigint' | 'text',
): Promise<void> {
  await db.schema.alterTable('connections').addColumn(name, type).execute();
}
