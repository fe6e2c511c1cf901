import { registerAs, type ConfigType } from '@nestjs/config';
import { z } from 'zod';
import { parseEnv } from '../common/parse-env.js';

const SCHEME = 'sqlite:';

const schema = z.object({
  DATABASE_URL: z
    .string()
    .regex(
      /^sqlite:./,
      'must be sqlite:PATH or sqlite::memory:; no other database is supported yet',
    )
    .default('sqlite:data/pagerduty-connect.sqlite'),
});

/** Where rows are kept: a SQLite file, or `:memory:` for rows that end with the process. */
export const databaseConfig = registerAs('database', () => {
  const { DATABASE_URL } = parseEnv(schema, { secrets: ['DATABASE_URL'] });
  return { sqlitePath: DATABASE_URL.slice(SCHEME.length) };
});

export type DatabaseConfig = ConfigType<typeof databaseConfig>;
