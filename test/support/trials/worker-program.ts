import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { z } from 'zod';

// A program of its own, forked by ./worker.ts with the folder of the built program: one replica without
// its HTTP server, which does to connections what it is told, and tells what came of it.

type Source = typeof import('../../../src/app.module.js') &
  typeof import('../../../src/auth/auth.service.js') &
  typeof import('../../../src/connections/access-tokens.js') &
  typeof import('../../../src/connections/connection-vault.js') &
  typeof import('../../../src/connections/keep-alive.js') &
  typeof import('../../../src/connections/replica-presence.js');

const MODULES = [
  'app.module.js',
  'auth/auth.service.js',
  'connections/access-tokens.js',
  'connections/connection-vault.js',
  'connections/keep-alive.js',
  'connections/replica-presence.js',
];

const orderSchema = z.object({
  number: z.int(),
  kind: z.enum(['fresh', 'disconnect', 'keep alive', 'presence']),
  id: z.string(),
  callers: z.int(),
});
const failureSchema = z.object({ code: z.string(), status: z.int() });

const [build = ''] = process.argv.slice(2);
const clockOffsetMs = Number(process.env['CLOCK_OFFSET_MS'] ?? 0);
const trueNow = Date.now;
// A machine whose clock is wrong is wrong for all that runs on it.
Date.now = () => trueNow() + clockOffsetMs;

const loaded = await Promise.all(
  MODULES.map((path): Promise<object> => import(pathToFileURL(join(build, path)).href)),
);
const source: Source = Object.assign({}, ...loaded);
const app = await NestFactory.createApplicationContext(source.AppModule, {
  logger: false,
  abortOnError: false,
});
const accessTokens = app.get(source.AccessTokens);
const vault = app.get(source.ConnectionVault);

/** One caller's luck; never rejects. */
async function ask(id: string) {
  const startedAtMs = performance.now();
  try {
    const { accessToken, expiresAtMs } = await accessTokens.fresh(id);
    const tookMs = performance.now() - startedAtMs;
    return { code: 'ok', status: 200, accessToken: accessToken.reveal(), expiresAtMs, tookMs };
  } catch (error) {
    const expected = failureSchema.safeParse(error);
    const { code, status } = expected.data ?? { code: String(error), status: 0 };
    return { code, status, tookMs: performance.now() - startedAtMs };
  }
}

async function obey({ kind, id, callers }: z.output<typeof orderSchema>): Promise<unknown> {
  switch (kind) {
    case 'fresh':
      return Promise.all(Array.from({ length: callers }, () => ask(id)));
    case 'keep alive':
      return app.get(source.KeepAlive).run();
    case 'presence':
      return app.get(source.ReplicaPresence).id;
    default: {
      const connection = await vault.find(id);
      return connection !== undefined && app.get(source.AuthService).disconnect(connection);
    }
  }
}

process.on('message', (message) => {
  const order = orderSchema.parse(message);
  void obey(order).then((result) => process.send?.({ number: order.number, result }));
});
process.on('disconnect', () => process.exit());
process.send?.({ number: 0, result: 'ready' });
