import { Test } from '@nestjs/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/common/clock.js';
import { httpConfig } from '../../src/common/http.config.js';
import { configureApp, createHttpAdapter } from '../../src/configure-app.js';
import { Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.js';
import { freePort } from './free-port.js';
import { TestClock } from './test-clock.js';

/** The program on a port of its own, its PagerDuty, and the clock of both. */
export interface RunningApp {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly clock: TestClock;
  stop(): Promise<void>;
}

export interface RunningAppWithSandbox extends RunningApp {
  readonly sandbox: Sandbox;
}

/** What the suite was started with: no start inherits the settings of another. */
const PRISTINE_ENV = { ...process.env };

type Settings = Readonly<Record<string, string>>;

/**
 * Starts the whole program in this process with nothing replaced but the clock. A Jest file has an
 * environment of its own, so the settings touch no other suite.
 */
export async function startApp(settings: Settings, clock = new TestClock()): Promise<RunningApp> {
  const port = settings['PORT'] ?? String(await freePort());
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, PRISTINE_ENV, {
    NODE_ENV: 'test',
    PORT: port,
    REDIRECT_URI: `http://localhost:${port}/callback`,
    DATABASE_URL: 'sqlite::memory:',
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    LOG_LEVEL: 'silent',
    ...settings,
  });
  const testing = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const app = testing.createNestApplication<NestFastifyApplication>(
    createHttpAdapter(httpConfig()),
  );
  await configureApp(app);
  await app.listen(Number(port), '127.0.0.1');
  return { url: `http://localhost:${port}`, app, clock, stop: () => app.close() };
}

/** {@link startApp} with a sandbox PagerDuty of its own, on the same clock. */
export async function startAppWithSandbox(
  settings: Settings = {},
  options: SandboxOptions = {},
): Promise<RunningAppWithSandbox> {
  const clock = new TestClock();
  const port = String(await freePort());
  const sandbox = await Sandbox.start({
    redirectUris: [`http://localhost:${port}/callback`],
    now: () => clock.now(),
    ...options,
  });
  const started = startApp({ ...sandbox.settings(), PORT: port, ...settings }, clock);
  // A program that refuses to start must not leave its PagerDuty behind, which would hold Jest.
  started.catch(() => sandbox.stop());
  const running = await started;
  const stop = async (): Promise<void> => {
    await running.stop();
    await sandbox.stop();
  };
  return { ...running, sandbox, stop };
}
