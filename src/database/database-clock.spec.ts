import { sql } from 'kysely';
import { Clock } from '../common/clock.js';
import { ProcessClock } from './database-clock.js';
import type { Database } from './database.js';
import { freshDatabase } from './testing/fresh-database.js';

class TestClock extends Clock {
  nowMs = Date.UTC(2026, 0, 1);
  now(): number {
    return this.nowMs;
  }
}

describe('ProcessClock', () => {
  let database: Database;
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(() => database.destroy());

  it('puts the time of its process into each statement, as a number to reckon with', async () => {
    const clock = new TestClock();
    const databaseClock = new ProcessClock(clock);
    const inAMinute = async () => {
      const query = sql<{ at: number }>`select ${databaseClock.nowMs} + ${60_000} as at`;
      return (await query.execute(database)).rows;
    };

    expect(await inAMinute()).toEqual([{ at: clock.nowMs + 60_000 }]);
    clock.nowMs += 5000;
    expect(await inAMinute()).toEqual([{ at: clock.nowMs + 60_000 }]);
  });
});
