import { Kysely, SqliteAdapter, SqliteDialect } from 'kysely';
import type { DatabaseConfig } from './database.config.js';
import { NodeSqlite } from './node-sqlite.js';
import type { Schema } from './schema.js';

/** The typed query builder over whichever database is configured, and its own injection token. */
export class Database extends Kysely<Schema> {}

/** Opens lazily: the file is touched by the first query. */
export function openDatabase({ sqlitePath }: DatabaseConfig): Database {
  return new Database({
    dialect: new TransactionalSqliteDialect({ database: async () => new NodeSqlite(sqlitePath) }),
  });
}

/** Kysely is careful about SQLite's DDL; here a failed migration shall leave nothing half made. */
class TransactionalSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
