import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { sql } from 'kysely';
import { AppError } from '../common/app-error.js';
import { openDatabase } from './database.js';
import { isLockedByAnother, NodeSqlite } from './node-sqlite.js';

const newFolder = () => mkdtempSync(join(tmpdir(), 'node-sqlite-'));
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const errorOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('NodeSqlite', () => {
  it('keeps a new file and its folder from everybody else', () => {
    const folder = join(newFolder(), 'deep', 'data');
    const sqlite = new NodeSqlite(join(folder, 'db.sqlite'));
    sqlite.prepare('create table t (x text)').run([]);

    expect(modeOf(folder)).toBe('700');
    const files = readdirSync(folder).toSorted();
    expect(files).toEqual(['db.sqlite', 'db.sqlite-shm', 'db.sqlite-wal']);
    expect(files.map((file) => modeOf(join(folder, file)))).toEqual(['600', '600', '600']);
    sqlite.close();
  });

  it.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['secure_delete', 1],
  ])('works with %s = %s', (pragma, value) => {
    const sqlite = new NodeSqlite(join(newFolder(), 'db.sqlite'));
    expect(sqlite.prepare(`pragma ${pragma}`).all([])).toEqual([{ [pragma]: value }]);
    sqlite.close();
  });

  it('prepares a statement once', () => {
    const sqlite = new NodeSqlite(':memory:');
    expect(sqlite.prepare('select 1')).toBe(sqlite.prepare('select 1'));
  });

  it('does not collect statements without end', () => {
    const sqlite = new NodeSqlite(':memory:');
    const first = sqlite.prepare('select 0');
    for (let n = 1; n <= 200; n++) sqlite.prepare(`select ${n}`);
    expect(sqlite.prepare('select 0')).not.toBe(first);
  });

  it('reports a failure as storage that is unavailable, with its cause and without the values', () => {
    const sqlite = new NodeSqlite(':memory:');
    sqlite.prepare('create table t (x text unique)').run([]);
    const insert = sqlite.prepare('insert into t values (?)');
    insert.run(['hunter2']);

    const error = errorOf(() => insert.run(['hunter2']));

    expect(error).toMatchObject({ code: 'storage_unavailable', cause: { errcode: 2067 } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });

  it.each([
    ['opened', () => new NodeSqlite('/dev/null/db.sqlite')],
    ['understood', () => new NodeSqlite(':memory:').prepare('select * from nowhere')],
    ['bound', () => new NodeSqlite(':memory:').prepare('select ?').all([{}])],
  ])('says so where something cannot be %s', (_what, work) => {
    expect(work).toThrow(AppError);
    expect(errorOf(work)).toMatchObject({ code: 'storage_unavailable' });
  });

  it('lets one transaction write at a time, and ten others give up together within 2 s', async () => {
    const path = join(newFolder(), 'db.sqlite');
    const one = new NodeSqlite(path);
    one.prepare('create table t (x text)').run([]);
    one.prepare('begin').run([]);

    const other = openDatabase({ sqlitePath: path });
    const write = () =>
      other
        .transaction()
        .execute((transaction) => sql`insert into t values (1)`.execute(transaction));
    const startedAtMs = performance.now();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, write));
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
    expect(outcomes).toEqual(
      Array.from({ length: 10 }, () => ({
        status: 'rejected',
        reason: expect.objectContaining({ code: 'storage_unavailable' }),
      })),
    );

    one.prepare('commit').run([]);
    expect(await write()).toMatchObject({ numAffectedRows: 1n });
    await other.destroy();
    one.close();
  });

  it('tells a database that another program is writing to from one that fails', () => {
    const path = join(newFolder(), 'db.sqlite');
    const [one, other] = [new NodeSqlite(path), new NodeSqlite(path)];
    one.prepare('begin').run([]);
    expect(isLockedByAnother(errorOf(() => other.prepare('begin').run([])))).toBe(true);
    expect(isLockedByAnother(errorOf(() => other.prepare('nonsense')))).toBe(false);
    expect(isLockedByAnother(new Error('database is locked'))).toBe(false);
  });
});
