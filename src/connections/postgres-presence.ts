import { randomUUID } from 'node:crypto';
import { setTimeout as passTime } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { sql, type Kysely } from 'kysely';
import { AppError } from '../common/app-error.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import type { Pause } from '../pagerduty/pause.js';
import { ReplicaPresence } from './replica-presence.js';

/** Tells our advisory locks from other programs' in the same database. */
const LOCK_SPACE = 1_885_629_283;
const LOOK_EVERY_MS = 1_000;
const COME_BACK_AFTER_MS = 250;
/** A replica that lost its connection, as all do when the server restarts, is back well within this time. */
const DOUBT_MS = 2_000;

/**
 * Each process holds an advisory lock for as long as it lives, on a connection of its own: PostgreSQL
 * frees it when the process ends, however it ends, and keeps it for one that is merely frozen.
 */
export class PostgresPresence
  extends ReplicaPresence
  implements OnModuleInit, OnApplicationShutdown
{
  readonly id = randomUUID();
  readonly #logger = new Logger(PostgresPresence.name);
  readonly #stopping = new AbortController();
  #presence: Promise<void> = Promise.resolve();

  /**
   * @param database where to look for others
   * @param own one connection for the lock alone, which ends with it
   */
  constructor(
    private readonly database: Database,
    private readonly own: Database,
    private readonly pause: Pause,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#presence = this.#stayPresent(resolve);
    });
  }

  /** Present to the last: until here requests are still answered, and tokens refreshed. */
  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#presence;
    await this.own.destroy();
  }

  /** Looks twice: right after a restart of the server nobody holds a lock yet. */
  async isGone(id: string): Promise<boolean> {
    if (!(await this.#isLockFree(id))) return false;
    await this.pause.forMs(DOUBT_MS);
    return this.#isLockFree(id);
  }

  async #isLockFree(id: string): Promise<boolean> {
    const { rows } = await sql<{
      free: boolean;
    }>`select pg_try_advisory_xact_lock(${LOCK_SPACE}, hashtext(${id})) as free`.execute(
      this.database,
    );
    return rows[0]?.free ?? false;
  }

  async #stayPresent(onPresent: () => void): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.own.connection().execute((connection) => this.#hold(connection, onPresent));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        this.#logger.warn(
          `The sign of life in the database broke, and is set up again: ${error.message}`,
        );
        await this.#wait(COME_BACK_AFTER_MS);
      }
    }
  }

  async #hold(connection: Kysely<Schema>, onPresent: () => void): Promise<void> {
    await sql`select pg_advisory_lock(${LOCK_SPACE}, hashtext(${this.id}))`.execute(connection);
    onPresent();
    while (!this.#stopping.signal.aborted) {
      await this.#wait(LOOK_EVERY_MS);
      await sql`select 1`.execute(connection);
    }
    await sql`select pg_advisory_unlock_all()`.execute(connection);
  }

  async #wait(durationMs: number): Promise<void> {
    try {
      await passTime(durationMs, undefined, { signal: this.#stopping.signal });
    } catch {
      // The process stops: nothing more to wait for.
    }
  }
}
