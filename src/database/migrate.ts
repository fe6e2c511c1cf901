import { setTimeout as pause } from 'node:timers/promises';
import { Migrator, type Migration, type MigrationResultSet } from 'kysely/migration';
import { AppError } from '../common/app-error.js';
import type { Database } from './database.js';
import { connectionsAndSessions } from './migrations/0001-connections-and-sessions.js';
import { refresh } from './migrations/0002-refresh.js';
import { isLockedByAnother } from './node-sqlite.js';

const LOCK_PATIENCE_MS = 10_000;
const LOCK_PAUSE_MS = 50;

/** Every migration by its name; they run in the order of their names and are never renamed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-connections-and-sessions': connectionsAndSessions,
  '0002-refresh': refresh,
};

/**
 * Brings the schema up to date, all or nothing, and gives the names of what it ran. Of replicas that
 * start together one does the work, and the others wait for it: with SQLite 10 s at most.
 * @throws AppError `storage_unavailable` where a migration fails or the database is newer than this program
 */
export async function migrate(
  database: Database,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<readonly string[]> {
  const { error, results = [] } = await database.patiently((db) => {
    const provider = { getMigrations: async () => ({ ...migrations }) };
    return migrateInTurn(new Migrator({ db, provider }));
  });
  if (error === undefined) return results.map(({ migrationName }) => migrationName);
  const failed = results.find(({ status }) => status === 'Error')?.migrationName;
  const subject = failed ? `The migration ${failed}` : 'Bringing the database up to date';
  throw new AppError('storage_unavailable', `${subject} failed, and nothing was changed.`, {
    cause: error,
  });
}

async function migrateInTurn(
  migrator: Migrator,
  giveUpAtMs = performance.now() + LOCK_PATIENCE_MS,
): Promise<MigrationResultSet> {
  const outcome = await migrator.migrateToLatest();
  if (!isLockedByAnother(outcome.error) || performance.now() > giveUpAtMs) return outcome;
  await pause(LOCK_PAUSE_MS);
  return migrateInTurn(migrator, giveUpAtMs);
}
