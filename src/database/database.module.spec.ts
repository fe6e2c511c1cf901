import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { jest } from '@jest/globals';
import { CommonModule } from '../common/common.module.js';
import { databaseConfig } from './database.config.js';
import { Database } from './database.js';
import { DatabaseModule } from './database.module.js';

const start = async (sqlitePath: string) => {
  const module = await Test.createTestingModule({ imports: [DatabaseModule, CommonModule] })
    .overrideProvider(databaseConfig.KEY)
    .useValue({ sqlitePath })
    .compile();
  return module.init();
};

describe('DatabaseModule', () => {
  afterEach(() => jest.restoreAllMocks());

  it('brings the database up to date at start, says so once, and closes it at the end', async () => {
    const log = jest.spyOn(Logger.prototype, 'log').mockReturnValue();
    const module = await start(':memory:');
    const database = module.get(Database);

    expect(await database.selectFrom('sessions').selectAll().execute()).toEqual([]);
    const lines = log.mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.startsWith('Database '))).toEqual([
      expect.stringMatching(/^Database ready, migrations applied: 0001-connections-and-sessions\b/),
    ]);

    await module.close();
    await expect(database.selectFrom('sessions').selectAll().execute()).rejects.toThrow(
      'destroyed',
    );
  });

  it('does not start without its database', async () => {
    await expect(start('/dev/null/db.sqlite')).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  });
});
