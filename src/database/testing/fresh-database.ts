import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseConfig } from '../database.config.js';
import { openDatabase, type Database } from '../database.js';
import { migrate } from '../migrate.js';

let nextConfig = async (): Promise<DatabaseConfig> => ({
  sqlitePath: join(mkdtempSync(join(tmpdir(), 'database-')), 'db.sqlite'),
});

/** Lets every suite that asks for a fresh database from now on run on another one than SQLite. */
export function useDatabases(makeConfig: () => Promise<DatabaseConfig>): void {
  nextConfig = makeConfig;
}

/** The settings of an empty database of its own, for tests that open it more than once. */
export async function freshConfig(): Promise<DatabaseConfig> {
  return nextConfig();
}

/** A database of its own with all tables and no rows; whoever asks closes it. */
export async function freshDatabase(): Promise<Database> {
  const database = openDatabase(await freshConfig());
  await migrate(database);
  return database;
}
