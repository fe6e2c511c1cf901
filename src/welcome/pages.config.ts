import { registerAs, type ConfigType } from '@nestjs/config';
import { z } from 'zod';
import { parseEnv } from '../common/parse-env.js';

const schema = z.object({
  APP_NAME: z
    .string()
    .trim()
    .max(80, 'must have at most 80 characters')
    .default('pagerduty-connect'),
  NODE_ENV: z.string().optional(),
  SANDBOX_URL: z.string().optional(),
});

/** What every page shows around its own content. */
export const pagesConfig = registerAs('pages', () => {
  const env = parseEnv(schema);
  return {
    appName: env.APP_NAME,
    /** Set by the start where the sandbox runs; no setting for people. */
    sandboxUrl: env.NODE_ENV === 'production' ? undefined : env.SANDBOX_URL,
  };
});

export type PagesConfig = ConfigType<typeof pagesConfig>;
