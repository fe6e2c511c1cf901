import { registerAs, type ConfigType } from '@nestjs/config';
import { z } from 'zod';
import { parseEnv, SettingsError, type ParseEnvOptions } from '../common/parse-env.js';
import { encryptionKeys, type EncryptionKey } from './encryption-keys.js';
import { ensureKeyFile } from './key-file.js';

const SECRETS = ['ENCRYPTION_KEYS'];
const HOW_TO_MAKE_ONE = 'make one with: echo "k1:$(openssl rand -base64 32)"';

const schema = z.object({
  NODE_ENV: z.string().optional(),
  ENCRYPTION_KEYS: encryptionKeys.optional(),
});
const fileSchema = z.object({ ENCRYPTION_KEYS: encryptionKeys });

/** What the vault needs to know, and where its keys come from. */
export const connectionsConfig = registerAs('connections', () => readConnectionsConfig());

export type ConnectionsConfig = ConfigType<typeof connectionsConfig>;

/**
 * Reads the keys, newest first, from the environment; outside production an unset one is made once, in `keyFile`.
 * @throws SettingsError that shows no key
 */
export function readConnectionsConfig(
  environment: Pick<ParseEnvOptions, 'env'> = {},
  keyFile = 'data/encryption-keys',
): { readonly encryptionKeys: readonly EncryptionKey[] } {
  const { NODE_ENV, ENCRYPTION_KEYS } = parseEnv(schema, { secrets: SECRETS, ...environment });
  if (ENCRYPTION_KEYS) return { encryptionKeys: ENCRYPTION_KEYS };
  if (NODE_ENV === 'production') {
    throw new SettingsError([`ENCRYPTION_KEYS: is required in production; ${HOW_TO_MAKE_ONE}`]);
  }
  ensureKeyFile(keyFile);
  const made = parseEnv(fileSchema, { secrets: SECRETS, env: { ENCRYPTION_KEYS_FILE: keyFile } });
  return { encryptionKeys: made.ENCRYPTION_KEYS };
}
