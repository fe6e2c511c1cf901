import { registerAs } from '@nestjs/config';
import { z } from 'zod';
import { parseEnv } from './common/parse-env.js';
import type { Sandbox } from './sandbox/sandbox.js';

const PORT_WORDS = 'must be a port number, 0 to 65535';

const schema = z.object({
  SANDBOX_PORT: z.coerce
    .number(PORT_WORDS)
    .int(PORT_WORDS)
    .min(0, PORT_WORDS)
    .max(65_535, PORT_WORDS)
    .default(5055),
});

/** Where the sandbox listens. */
export const sandboxConfig = registerAs('sandbox', () => ({ port: parseEnv(schema).SANDBOX_PORT }));

/** Whether no PagerDuty app is configured; production never falls back to the sandbox, it refuses to start. */
export function isSandboxWanted(env: NodeJS.ProcessEnv): boolean {
  if (env['NODE_ENV'] === 'production') return false;
  return !env['PD_CLIENT_ID'] && !env['PD_CLIENT_SECRET'] && !env['PD_CLIENT_SECRET_FILE'];
}

/** Fills in what nobody has to set for the sandbox; an empty value is as good as none, as everywhere. */
export function assumeSandbox(env: NodeJS.ProcessEnv): void {
  env['REDIRECT_URI'] ||= `http://localhost:${env['PORT'] || '5000'}/callback`;
  if (!env['DATABASE_URL_FILE']) env['DATABASE_URL'] ||= 'sqlite::memory:';
  env['PD_CLIENT_ID'] = 'sandbox';
  env['PD_CLIENT_SECRET'] = 'sandbox';
  delete env['PD_ISSUERS'];
}

/** Starts the sandbox PagerDuty, and points the settings at it. */
export async function startSandbox(env: NodeJS.ProcessEnv, redirectUri: string): Promise<Sandbox> {
  const { Sandbox } = await import('./sandbox/sandbox.js');
  const { port } = sandboxConfig();
  const appKind = env['PD_SCOPE']?.includes('.') ? 'scoped' : 'classic';
  const sandbox = await Sandbox.start({ port, redirectUris: [redirectUri], appKind });
  Object.assign(env, sandbox.settings(), { SANDBOX_URL: sandbox.url });
  return sandbox;
}
