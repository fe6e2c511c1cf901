import { Kysely, PostgresDialect, SqliteAdapter, SqliteDialect, type Dialect } from 'kysely';
import type { DatabaseConfig, PostgresConfig } from './database.config.js';
import { NodeSqlite } from './node-sqlite.js';
import { GuardedPool } from './postgres-pool.js';
import type { Schema } from './schema.js';

/** The typed query builder over whichever database is configured, and its own injection token. */
export class Database extends Kysely<Schema> {
  /** Opens lazily: the database is touched by the first query. */
  constructor(private readonly config: DatabaseConfig) {
    super({ dialect: dialectFor(config) });
  }

  /** Lets work take its time, such as migrations that wait for another replica's: no statement is cut short. */
  async patiently<T>(work: (database: Database) => Promise<T>): Promise<T> {
    if (!('postgres' in this.config)) return work(this);
    const patient = new Database(withoutTimeouts(this.config));
    try {
      return await work(patient);
    } finally {
      await patient.destroy();
    }
  }
}

/** Opens whichever database is configured. */
export function openDatabase(config: DatabaseConfig): Database {
  return new Database(config);
}

function dialectFor(config: DatabaseConfig): Dialect {
  if ('postgres' in config) {
    return new PostgresDialect({ pool: async () => new GuardedPool(config) });
  }
  return new TransactionalSqliteDialect({
    database: async () => new NodeSqlite(config.sqlitePath),
  });
}

function withoutTimeouts({ postgres }: PostgresConfig): PostgresConfig {
  return { postgres: { ...postgres, poolSize: 1, statementTimeoutMs: 0, lockTimeoutMs: 0 } };
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
