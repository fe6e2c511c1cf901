import { registerAs } from '@nestjs/config';
import { z } from 'zod';
import { parseEnv } from '../common/parse-env.js';
import { parsePostgresUrl, type PostgresAddress } from './postgres-url.js';

const SQLITE_SCHEME = 'sqlite:';

const wholeNumber = (min: number, max: number) => {
  const words = `must be a whole number, ${min} to ${max}`;
  return z.coerce.number(words).int(words).min(min, words).max(max, words);
};

const schema = z.object({
  DATABASE_URL: z.string().default('sqlite:data/pagerduty-connect.sqlite').transform(parseDatabase),
  DATABASE_POOL_SIZE: wholeNumber(1, 1000).default(10),
  DATABASE_CONNECT_TIMEOUT_MS: wholeNumber(1, 60_000).default(800),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber(1, 60_000).default(900),
  DATABASE_LOCK_TIMEOUT_MS: wholeNumber(1, 60_000).default(700),
});

/** A SQLite file, or `:memory:` for rows that end with the process. */
export interface SqliteConfig {
  readonly sqlitePath: string;
}

/** A PostgreSQL server, and how long this process waits for it; 0 is for ever. */
export interface PostgresConfig {
  readonly postgres: PostgresAddress & {
    readonly poolSize: number;
    /** For a connection: a new one, or a busy one of the pool. */
    readonly connectTimeoutMs: number;
    /** For a statement, waiting for locks included. */
    readonly statementTimeoutMs: number;
    readonly lockTimeoutMs: number;
  };
}

export type DatabaseConfig = SqliteConfig | PostgresConfig;

/**
 * Where rows are kept. By default a connection and a statement together give up before the 2 s within
 * which `storage_unavailable` is promised.
 */
export const databaseConfig = registerAs('database', (): DatabaseConfig => {
  const env = parseEnv(schema, { secrets: ['DATABASE_URL'] });
  if ('sqlitePath' in env.DATABASE_URL) return env.DATABASE_URL;
  return {
    postgres: {
      ...env.DATABASE_URL,
      poolSize: env.DATABASE_POOL_SIZE,
      connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT_MS,
      statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
      lockTimeoutMs: env.DATABASE_LOCK_TIMEOUT_MS,
    },
  };
});

function parseDatabase(text: string, context: z.RefinementCtx): SqliteConfig | PostgresAddress {
  if (/^sqlite:./.test(text)) return { sqlitePath: text.slice(SQLITE_SCHEME.length) };
  const address = parsePostgresUrl(text);
  if (typeof address !== 'string') return address;
  context.addIssue(address);
  return z.NEVER;
}
