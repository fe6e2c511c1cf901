import { registerAs, type ConfigType } from '@nestjs/config';
import { z } from 'zod';
import { parseEnv } from '../common/parse-env.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const schema = z.object({
  LOG_LEVEL: z.enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` }).default('info'),
});

/** How much the program tells. */
export const loggingConfig = registerAs('logging', () => ({ level: parseEnv(schema).LOG_LEVEL }));

export type LoggingConfig = ConfigType<typeof loggingConfig>;
