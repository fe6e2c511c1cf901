import type { Migration } from 'kysely/migration';

/** What refreshing needs to know: when the tokens came, who is refreshing them, and when to keep them alive. */
export const refresh: Migration = {
  async up(db) {
    const columns = [
      ['access_token_issued_at_ms', 'bigint'],
      ['keep_alive_due_at_ms', 'bigint'],
      ['lease_owner', 'text'],
      ['lease_until_ms', 'bigint'],
      ['refresh_started_at_ms', 'bigint'],
    ] as const;
    for (const [name, type] of columns) {
      // One after the other: SQLite adds one column a statement.
      // oxlint-disable-next-line no-await-in-loop
      await db.schema.alterTable('connections').addColumn(name, type).execute();
    }
    await db.schema
      .createIndex('connections_keep_alive_due_at_ms')
      .on('connections')
      .columns(['status', 'keep_alive_due_at_ms'])
      .execute();
  },
};
