import { registerAs, type ConfigType } from '@nestjs/config';
import { z } from 'zod';
import { parseEnv } from '../common/parse-env.js';

// RFC 6749 section 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
const SCOPE_LIST = /^[\x21\x23-\x5b\x5d-\x7e]+( +[\x21\x23-\x5b\x5d-\x7e]+)*$/;

const schema = z.object({
  PD_SCOPE: z
    .string()
    .trim()
    .regex(
      SCOPE_LIST,
      'must be scope words with spaces between, such as: read, or users.read teams.read',
    )
    .default('read'),
});

/** What people are asked to allow. */
export const authConfig = registerAs('auth', () => {
  const words = parseEnv(schema).PD_SCOPE.split(/ +/);
  /** The scopes to ask for and to insist on; `openid` comes on top. */
  const scopes = [...new Set(words)].filter((word) => word !== 'openid');
  return {
    scopes,
    /** PagerDuty's two kinds of app differ in scope words and lifetimes: a Scoped one has words with a dot. */
    appKind: scopes.some((word) => word.includes('.')) ? ('scoped' as const) : ('classic' as const),
  };
});

export type AuthConfig = ConfigType<typeof authConfig>;
