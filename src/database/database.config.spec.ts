import { databaseConfig } from './database.config.js';

const configFor = (url: string) => {
  process.env['DATABASE_URL'] = url;
  return databaseConfig();
};

describe('databaseConfig', () => {
  const before = process.env['DATABASE_URL'];
  afterEach(() => {
    process.env['DATABASE_URL'] = before ?? '';
  });

  it.each([
    ['', 'data/pagerduty-connect.sqlite'],
    ['sqlite:/var/lib/connect.sqlite', '/var/lib/connect.sqlite'],
    ['sqlite::memory:', ':memory:'],
  ])('reads %j as the SQLite database %s', (url, sqlitePath) => {
    expect(configFor(url)).toEqual({ sqlitePath });
  });

  it.each(['postgres://connect:hunter2@db/connect', 'sqlite:', 'hunter2'])(
    'refuses %s without showing it',
    (url) => {
      expect(() => configFor(url)).toThrow(/^DATABASE_URL: must be sqlite:PATH/);
      expect(() => configFor(url)).not.toThrow(/hunter2/);
    },
  );
});
