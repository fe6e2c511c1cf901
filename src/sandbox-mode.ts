import { z } from 'zod';
import { parseEnv } from './common/parse-env.js';
import type { Sandbox } from './sandbox/sandbox.js';

const PORT_WORDS = 'must be a port number, 0 to 65535';

const schema = z.object({
  NODE_ENV: z.string().optional(),
  PD_CLIENT_ID: z.string().optional(),
  PD_CLIENT_SECRET: z.string().optional(),
  PD_CLIENT_SECRET_FILE: z.string().optional(),
  SANDBOX_PORT: z.coerce
    .number(PORT_WORDS)
    .int(PORT_WORDS)
    .min(0, PORT_WORDS)
    .max(65_535, PORT_WORDS)
    .default(5055),
});

/**
 * Starts the sandbox PagerDuty where no PagerDuty app is configured, and points the settings at it.
 * Production never falls back to it: there the missing settings are refused.
 * @throws SettingsError
 */
export async function startSandboxIfNoAppIsConfigured(
  env: NodeJS.ProcessEnv,
): Promise<Sandbox | undefined> {
  const settings = parseEnv(schema, { env });
  const hasApp =
    settings.PD_CLIENT_ID ?? settings.PD_CLIENT_SECRET ?? settings.PD_CLIENT_SECRET_FILE;
  if (hasApp || settings.NODE_ENV === 'production') return undefined;

  // An empty value is as good as none, here as for every setting.
  env['REDIRECT_URI'] ||= `http://localhost:${env['PORT'] || '5000'}/callback`;
  env['DATABASE_URL'] ||= 'sqlite::memory:';
  const { Sandbox } = await import('./sandbox/sandbox.js');
  const sandbox = await Sandbox.start({
    port: settings.SANDBOX_PORT,
    redirectUris: [env['REDIRECT_URI']],
  });
  Object.assign(env, sandbox.settings(), { SANDBOX_URL: sandbox.url });
  return sandbox;
}
