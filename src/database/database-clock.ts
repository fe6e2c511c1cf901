import { sql, type RawBuilder } from 'kysely';
import type { Clock } from '../common/clock.js';
import type { DatabaseConfig } from './database.config.js';

/**
 * The one time that all replicas of a database share, as a part of a statement: their own clocks may
 * be minutes apart, and a lease must end for all of them at once.
 */
export abstract class DatabaseClock {
  /** Milliseconds since the Unix epoch; asked for anew in each statement. */
  abstract readonly nowMs: RawBuilder<number>;
}

/** The server's time while the statement runs; within a transaction too it moves on. */
export class PostgresClock extends DatabaseClock {
  readonly nowMs = sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`;
}

/**
 * This process's time: SQLite's, which lives on one machine, and that of tests which move the time of
 * either database. The cast gives both databases the type that a bare parameter lacks in sums.
 */
export class ProcessClock extends DatabaseClock {
  constructor(private readonly clock: Clock) {
    super();
  }

  get nowMs(): RawBuilder<number> {
    return sql<number>`cast(${this.clock.now()} as bigint)`;
  }

  /** The same, read now. */
  async read(): Promise<number> {
    return this.clock.now();
  }
}

/** The clock that all replicas of the configured database share. */
export function clockFor(config: DatabaseConfig, clock: Clock): DatabaseClock {
  return 'postgres' in config ? new PostgresClock() : new ProcessClock(clock);
}
