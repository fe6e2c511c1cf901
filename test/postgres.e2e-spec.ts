import { once } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { jest } from '@jest/globals';
import { sql, type Kysely } from 'kysely';
import { databaseConfig, type PostgresConfig } from '../src/database/database.config.js';
import { PostgresClock } from '../src/database/database-clock.js';
import { openDatabase, type Database } from '../src/database/database.js';
import { migrate } from '../src/database/migrate.js';
import type { Schema } from '../src/database/schema.js';
import { freePort } from './support/free-port.js';
import { PostgresServer } from './support/postgres.js';

const PROMISED_MS = 2000;

type Changes = Partial<PostgresConfig['postgres']>;

describe('PostgreSQL', () => {
  let server: PostgresServer;
  let url: string;
  const open: Database[] = [];

  beforeAll(async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    server = await PostgresServer.start();
  });
  beforeEach(async () => {
    url = await server.createDatabase();
  });
  afterEach(() => Promise.all(open.splice(0).map((database) => database.destroy())));
  afterAll(() => server.close());

  const openAt = (address: string, changes: Changes = {}): Database => {
    process.env['DATABASE_URL'] = address;
    const config = databaseConfig();
    if (!('postgres' in config)) throw new TypeError('not PostgreSQL');
    const database = openDatabase({ postgres: { ...config.postgres, ...changes } });
    open.push(database);
    return database;
  };
  const answers = async (database: Kysely<Schema>): Promise<unknown> =>
    (await sql`select 1 as one`.execute(database)).rows;
  const backendOf = async (database: Database) =>
    (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(database)).rows[0]?.pid;
  const failureOf = async (work: Promise<unknown>): Promise<unknown> => {
    const startedAtMs = performance.now();
    const failure = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'storage_unavailable' });
    expect(performance.now() - startedAtMs).toBeLessThan(PROMISED_MS);
    return failure;
  };

  describe('migrations', () => {
    it('run once, however many replicas start on an empty database', async () => {
      const replicas = Array.from({ length: 8 }, () => openAt(url));
      const applied = await Promise.all(replicas.map((database) => migrate(database)));
      expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
      expect(await openAt(url).selectFrom('sessions').selectAll().execute()).toEqual([]);
    });

    it('take their time, and wait for each other, past every time-out', async () => {
      const slow = {
        '0001-slow': {
          up: async (db: Kysely<unknown>) => void (await sql`select pg_sleep(0.6)`.execute(db)),
        },
      };
      const impatient = { statementTimeoutMs: 100, lockTimeoutMs: 50 };
      const replicas = [openAt(url, impatient), openAt(url, impatient), openAt(url, impatient)];
      const applied = await Promise.all(replicas.map((database) => migrate(database, slow)));
      expect(applied.flat()).toEqual(['0001-slow']);
    });
  });

  it("has one clock for all, the server's, which goes on within a transaction", async () => {
    const { nowMs } = new PostgresClock();
    const read = sql<{ now: number }>`select ${nowMs} as now, pg_sleep(0.01)`;
    const [one, other] = await openAt(url)
      .transaction()
      .execute(async (transaction) => [
        (await read.execute(transaction)).rows[0]?.now ?? 0,
        (await read.execute(transaction)).rows[0]?.now ?? 0,
      ]);
    expect(Math.abs(one - Date.now())).toBeLessThan(60_000);
    expect(other).toBeGreaterThan(one);
  });

  describe('says that storage is unavailable, within 2 s,', () => {
    it('where nobody listens, and is well again when somebody does', async () => {
      const database = openAt(url);
      await migrate(database);
      await server.stop('at once');
      const failures = await Promise.all([answers(database), answers(database)].map(failureOf));
      expect(failures).toHaveLength(2);
      await server.resume();
      expect(await answers(database)).toEqual([{ one: 1 }]);
      expect(await database.selectFrom('sessions').selectAll().execute()).toEqual([]);
    });

    it('where the host takes the call and says nothing', async () => {
      const port = await freePort();
      const silent = createServer().listen(port, '127.0.0.1');
      await once(silent, 'listening');
      const database = openAt(`postgres://connect:hunter2@127.0.0.1:${port}/connect`);
      const failure = await failureOf(answers(database));
      expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('hunter2');
      silent.close();
    });

    it('where the password is wrong, without telling it', async () => {
      const database = openAt(url.replace(/:[^:@]+@/, ':hunter2@'));
      const failure = await failureOf(answers(database));
      expect(failure).toMatchObject({ cause: { code: '28P01' } });
      expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('hunter2');
    });

    it('where TLS is asked for and the server has none: nothing goes over in the clear', async () => {
      const failure = await failureOf(answers(openAt(`${url}?sslmode=verify-full`)));
      expect(failure).toMatchObject({ cause: { message: expect.stringContaining('SSL') } });
    });

    it('where a statement takes too long, and keeps the connection', async () => {
      const database = openAt(url, { poolSize: 1 });
      const backend = await backendOf(database);
      const failure = await failureOf(sql`select pg_sleep(5)`.execute(database));
      expect(failure).toMatchObject({ cause: { code: '57014' } });
      expect(await backendOf(database)).toBe(backend);
    });

    it('where the server does not end a statement itself, and drops the connection', async () => {
      const database = openAt(url, { poolSize: 1 });
      const backend = await backendOf(database);
      await failureOf(
        database.connection().execute(async (connection) => {
          await sql`set statement_timeout = 0`.execute(connection);
          await sql`select pg_sleep(5)`.execute(connection);
        }),
      );
      expect(await backendOf(database)).not.toBe(backend);
    });

    it('where that happens in a transaction, whose end is then not waited for', async () => {
      const work = openAt(url)
        .transaction()
        .execute(async (transaction) => {
          await sql`set local statement_timeout = 0`.execute(transaction);
          await sql`select pg_sleep(5)`.execute(transaction);
        });
      expect(await failureOf(work)).toMatchObject({ cause: { message: 'Query read timeout' } });
    });

    it('where somebody else holds the row', async () => {
      const database = openAt(url);
      await sql`create table t (x int)`.execute(database);
      await database.transaction().execute(async (transaction) => {
        await sql`lock table t`.execute(transaction);
        const failure = await failureOf(sql`insert into t values (1)`.execute(database));
        expect(failure).toMatchObject({ cause: { code: '55P03' } });
      });
    });

    it('where every connection is taken', async () => {
      const database = openAt(url, { poolSize: 1 });
      await database.connection().execute(async () => failureOf(answers(database)));
      expect(await answers(database)).toEqual([{ one: 1 }]);
    });

    it.each([
      ['a value twice', '23505', sql`insert into t values (${'hunter2'}, 2)`],
      ['a value of another type', '22P02', sql`insert into t values ('x', ${'hunter2'})`],
      ['nonsense', '42601', sql`nonsense ${'hunter2'}`],
    ])('where it refuses %s, and shows no value', async (_what, code, statement) => {
      const database = openAt(url);
      await sql`create table t (x text unique, n bigint)`.execute(database);
      await sql`insert into t values (${'hunter2'}, 1)`.execute(database);
      const failure = await failureOf(statement.execute(database));
      expect(failure).toMatchObject({ cause: { code } });
      expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('hunter2');
    });
  });

  describe('when its backends are terminated', () => {
    const poolSize = 2;
    const both = (database: Database) => Promise.all([backendOf(database), backendOf(database)]);
    /** A connection that ended a moment ago may still be taken; it fails once and is gone. */
    const bothSoon = async (database: Database, untilMs = performance.now() + 5000) => {
      for (;;) {
        try {
          return await both(database);
        } catch (error) {
          if (performance.now() > untilMs) throw error;
        }
      }
    };

    it('goes on with new connections, one idle and one within a transaction', async () => {
      const database = openAt(url, { poolSize });
      const before = await both(database);
      await failureOf(
        database.transaction().execute(async (transaction) => {
          await answers(transaction);
          await server.terminateBackends();
          await answers(transaction);
        }),
      );
      const after = await bothSoon(database);
      expect(after.filter((backend) => before.includes(backend))).toEqual([]);
    });

    it('says so where that cut a statement', async () => {
      const database = openAt(url, { poolSize });
      const before = await both(database);
      const cut = failureOf(sql`select pg_sleep(0.8)`.execute(database));
      await server.terminateBackends();
      expect(await cut).toMatchObject({ cause: { code: '57P01' } });
      const after = await bothSoon(database);
      expect(after.filter((backend) => before.includes(backend))).toEqual([]);
    });
  });
});
