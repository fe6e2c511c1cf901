import type { Database } from './database.js';
import type { DatabaseClock } from './database-clock.js';

/** The database's time, in milliseconds since the Unix epoch, for a write that follows at once. */
export async function readNowMs(database: Database, clock: DatabaseClock): Promise<number> {
  const query = database.selectNoFrom(clock.nowMs.as('now_ms'));
  const { now_ms: nowMs } = await query.executeTakeFirstOrThrow();
  return nowMs;
}
