import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Migration } from 'kysely/migration';
import { openDatabase, type Database } from './database.js';
import { migrate } from './migrate.js';
import { NodeSqlite } from './node-sqlite.js';

const FIRST = '0001-connections-and-sessions';

const tablesOf = async (database: Database) =>
  (await database.introspection.getTables()).map(({ name }) => name);

const createTable = (name: string, thenThrow?: Error): Migration => ({
  async up(db) {
    await db.schema.createTable(name).addColumn('x', 'text').execute();
    if (thenThrow) throw thenThrow;
  },
});

const newFile = () => join(mkdtempSync(join(tmpdir(), 'migrate-')), 'db.sqlite');

describe('migrate', () => {
  const open: Database[] = [];
  const openAt = (sqlitePath: string) => {
    const database = openDatabase({ sqlitePath });
    open.push(database);
    return database;
  };
  afterEach(() => Promise.all(open.splice(0).map((database) => database.destroy())));

  it('makes the tables of an empty database', async () => {
    const database = openAt(':memory:');
    expect(await migrate(database)).toEqual([FIRST]);
    expect(await tablesOf(database)).toEqual(['connections', 'finished_flows', 'sessions']);
  });

  it('does nothing the second time, in this process or the next', async () => {
    const path = newFile();
    const database = openAt(path);
    await migrate(database);
    expect(await migrate(database)).toEqual([]);
    expect(await migrate(openAt(path))).toEqual([]);
  });

  it('waits for another program that is writing', async () => {
    const path = newFile();
    const other = new NodeSqlite(path);
    other.prepare('begin').run([]);
    const migrating = migrate(openAt(path));
    // Long enough for a statement to have given up.
    setTimeout(() => other.prepare('commit').run([]), 200);
    expect(await migrating).toEqual([FIRST]);
    other.close();
  });

  it('leaves it to one of several that start at once', async () => {
    const path = newFile();
    const ran = await Promise.all([1, 2, 3, 4].map(() => migrate(openAt(path))));
    expect(ran.flat()).toEqual([FIRST]);
  });

  it('leaves nothing behind of a migration that fails, and says which it was', async () => {
    const database = openAt(':memory:');
    const cause = new Error('no such luck');
    const migrations = { '0001-good': createTable('good'), '0002-bad': createTable('bad', cause) };

    await expect(migrate(database, migrations)).rejects.toMatchObject({
      code: 'storage_unavailable',
      detail: 'The migration 0002-bad failed, and nothing was changed.',
      cause,
    });
    expect(await tablesOf(database)).toEqual([]);
  });

  it('refuses a database that a newer program has changed', async () => {
    const path = newFile();
    await migrate(openAt(path), { '0002-from-the-future': createTable('future') });
    await expect(migrate(openAt(path))).rejects.toMatchObject({ code: 'storage_unavailable' });
  });
});
