import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { databaseConfig } from './database.config.js';

const NAMES = [
  'DATABASE_URL',
  'DATABASE_POOL_SIZE',
  'DATABASE_CONNECT_TIMEOUT_MS',
  'DATABASE_STATEMENT_TIMEOUT_MS',
  'DATABASE_LOCK_TIMEOUT_MS',
];

const configFor = (url: string, more: Readonly<Record<string, string>> = {}) => {
  Object.assign(process.env, { DATABASE_URL: url, ...more });
  return databaseConfig();
};

describe('databaseConfig', () => {
  const caFile = join(mkdtempSync(join(tmpdir(), 'database-config-')), 'ca.pem');
  writeFileSync(caFile, 'a certificate');
  const before = NAMES.map((name) => [name, process.env[name] ?? '']);
  afterEach(() => Object.assign(process.env, Object.fromEntries(before)));

  it.each([
    ['', 'data/pagerduty-connect.sqlite'],
    ['sqlite:/var/lib/connect.sqlite', '/var/lib/connect.sqlite'],
    ['sqlite::memory:', ':memory:'],
  ])('reads %j as the SQLite database %s', (url, sqlitePath) => {
    expect(configFor(url)).toEqual({ sqlitePath });
  });

  it.each(['postgres', 'postgresql'])('reads a %s address', (scheme) => {
    const config = configFor(`${scheme}://con%40nect:hunter%2F2@db.example:6432/connect%20db`);
    expect(config).toMatchObject({
      postgres: { host: 'db.example', port: 6432, database: 'connect db', user: 'con@nect' },
    });
    expect('postgres' in config && config.postgres.password?.reveal()).toBe('hunter/2');
    expect(inspect(config, { depth: 9 })).not.toContain('hunter');
  });

  it('gives up on a connection and a statement within 2 s, unless told otherwise', () => {
    expect(configFor('postgres://connect@db.example/connect')).toMatchObject({
      postgres: {
        port: 5432,
        password: undefined,
        poolSize: 10,
        connectTimeoutMs: 800,
        statementTimeoutMs: 900,
        lockTimeoutMs: 700,
      },
    });
    const settings = { DATABASE_POOL_SIZE: '3', DATABASE_LOCK_TIMEOUT_MS: '50' };
    expect(configFor('postgres://connect@db.example/connect', settings)).toMatchObject({
      postgres: { poolSize: 3, lockTimeoutMs: 50 },
    });
  });

  it.each([
    ['db.example', { ca: undefined }],
    ['db.example/connect?sslmode=require', { ca: undefined }],
    [`db.example/connect?sslrootcert=${caFile}`, { ca: 'a certificate' }],
    [`127.0.0.1/connect?sslrootcert=${caFile}`, { ca: 'a certificate' }],
    ['127.0.0.1/connect?sslmode=verify-full', { ca: undefined }],
    ['127.0.0.1', false],
    ['localhost/connect?sslmode=disable', false],
    ['[::1]', false],
    ['%2Fvar%2Frun%2Fpostgresql', false],
  ])('verifies TLS unless the host is this machine: %s', (rest, tls) => {
    const path = rest.includes('?') ? rest : `${rest}/connect`;
    expect(configFor(`postgres://connect@${path}`)).toMatchObject({ postgres: { tls } });
  });

  it.each(['disable', 'allow', 'prefer', 'no-verify'])(
    'refuses sslmode=%s for another host, and says what to do',
    (mode) => {
      const url = `postgres://connect:hunter2@db.example/connect?sslmode=${mode}`;
      expect(() => configFor(url)).toThrow(/^DATABASE_URL: must not weaken TLS.+sslrootcert=PATH$/);
      expect(() => configFor(url)).not.toThrow(/hunter2|db\.example/);
    },
  );

  it.each(['ssl=0', 'uselibpqcompat=true', 'host=10.0.0.1', 'options=-c%20lock_timeout%3D0'])(
    'refuses the parameter %s, which it would not act on',
    (parameter) => {
      const url = `postgres://connect@db.example/connect?${parameter}`;
      expect(() => configFor(url)).toThrow(/^DATABASE_URL: may carry sslmode and sslrootcert only/);
    },
  );

  it('refuses a CA that cannot be read', () => {
    const url = `postgres://connect@db.example/connect?sslrootcert=${caFile}.missing`;
    expect(() => configFor(url)).toThrow(
      /^DATABASE_URL: names a file by sslrootcert that cannot be read \(\w+\)$/,
    );
  });

  it.each([
    'sqlite:',
    'hunter2',
    'mysql://connect:hunter2@db/connect',
    'postgres://connect:hunter2@db',
    'postgres://db/connect',
    'postgres://connect:hunter2%@db/connect',
    'postgres://connect:hunter2@db:99999/connect',
  ])('refuses %s without showing it', (url) => {
    expect(() => configFor(url)).toThrow(/^DATABASE_URL: must be sqlite:PATH/);
    expect(() => configFor(url)).not.toThrow(/hunter2/);
  });

  it.each(['0', '2.5', 'many'])('refuses %s as a number of connections', (size) => {
    const settings = { DATABASE_POOL_SIZE: size };
    expect(() => configFor('', settings)).toThrow(
      'DATABASE_POOL_SIZE: must be a whole number, 1 to 1000',
    );
  });
});
