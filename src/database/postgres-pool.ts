import { Logger } from '@nestjs/common';
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { Pool, types, type PoolClient, type PoolConfig } from 'pg';
import type { PostgresConfig } from './database.config.js';
import { endsConnection, PostgresError } from './postgres-error.js';
import { storageUnavailable } from './storage-unavailable.js';

const KEEP_ALIVE_AFTER_MS = 10_000;
/** The server ends a statement itself; where it does not answer at all, we stop waiting a little later. */
const ANSWER_GRACE_MS = 100;
/** A process that stops within a transaction must not keep its locks. */
const IDLE_IN_TRANSACTION_MS = 2000;

/**
 * Connections to PostgreSQL, in the shape that Kysely's dialect asks for.
 * @throws AppError `storage_unavailable`, from each call, with a cause that holds no values
 */
export class GuardedPool implements PostgresPool {
  readonly #logger = new Logger('Database');
  readonly #pool: Pool;

  constructor(config: PostgresConfig) {
    this.#pool = new Pool(toPoolConfig(config));
    // Without these listeners a connection that breaks while nobody waits for it would end the process.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    this.#pool.on('error', (error) => {
      this.#logger.warn(`An idle connection ended: ${new PostgresError(error).message}`);
    });
  }

  get options(): object {
    return this.#pool.options;
  }

  async connect(): Promise<PostgresPoolClient> {
    return new GuardedClient(await orStorageUnavailable(this.#pool.connect()));
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

/** One connection, from the pool and back; a broken one answers at once from then on, and is not used again. */
class GuardedClient implements PostgresPoolClient {
  #broken: unknown;

  constructor(private readonly client: PoolClient) {}

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query(sql: unknown, parameters: readonly unknown[] = []): unknown {
    if (typeof sql !== 'string') throw new TypeError('cursors are not used here');
    return orStorageUnavailable(this.#run(sql, parameters));
  }

  release(destroy = false): void {
    this.client.release(destroy || this.#broken !== undefined);
  }

  async #run(sql: string, parameters: readonly unknown[]) {
    if (this.#broken) throw this.#broken;
    try {
      return await this.client.query(sql, [...parameters]);
    } catch (error) {
      if (endsConnection(error)) this.#broken = error;
      throw error;
    }
  }
}

function toPoolConfig({ postgres }: PostgresConfig): PoolConfig {
  const { host, port, database, user, password, tls, statementTimeoutMs } = postgres;
  return {
    host,
    port,
    database,
    user,
    password: password?.reveal(),
    application_name: 'pagerduty-connect',
    ssl: tls && { rejectUnauthorized: true, ...(tls.ca && { ca: tls.ca }) },
    max: postgres.poolSize,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    connectionTimeoutMillis: postgres.connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs && statementTimeoutMs + ANSWER_GRACE_MS,
    lock_timeout: postgres.lockTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs && IDLE_IN_TRANSACTION_MS,
    types: { getTypeParser: parserOf },
  };
}

/** Times and counts come as numbers: none of ours is near 2^53. */
function parserOf(...[oid, format]: Parameters<typeof types.getTypeParser>) {
  return oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format);
}

async function orStorageUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw storageUnavailable(new PostgresError(error));
  }
}
