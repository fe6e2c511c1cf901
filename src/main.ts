import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { httpConfig } from './common/http.config.js';
import { loadDotEnv } from './common/load-dot-env.js';
import { findSettingProblems, SettingsError } from './common/parse-env.js';
import { configureApp, createHttpAdapter } from './configure-app.js';
import { explainStart } from './explain-start.js';
import { assumeSandbox, isSandboxWanted, startSandbox } from './sandbox-mode.js';
import { SETTINGS } from './settings.js';

/** Whatever hangs, such as a database that tokens in hand wait for: a stop is over within 15 s. */
const STOP_LIMIT_MS = 14_700;

async function start(): Promise<void> {
  loadDotEnv();
  const sandboxWanted = isSandboxWanted(process.env);
  if (sandboxWanted) assumeSandbox(process.env);
  const problems = findSettingProblems(SETTINGS);
  if (problems.length > 0) throw new SettingsError(problems);

  const http = httpConfig();
  const sandbox = sandboxWanted ? await startSandbox(process.env, http.redirectUri) : undefined;
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, createHttpAdapter(http), {
    bufferLogs: true,
    abortOnError: false,
  });
  await configureApp(app);
  const logger = app.get(Logger);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => setTimeout(() => giveUpStopping(logger), STOP_LIMIT_MS).unref());
  }
  await app.init();
  // Nest's own `listen` would log the value of a HOST that cannot be used.
  await app.getHttpAdapter().getInstance().listen({ port: http.port, host: http.host });
  if (sandbox) {
    logger.log(
      `No PagerDuty app is configured: this is the sandbox PagerDuty, at ${sandbox.url}. No real account is touched.`,
      'Start',
    );
  }
  logger.log(`Listening on ${http.host}:${http.port}`, 'Start');
  logger.log(`Open ${http.publicOrigin}`, 'Start');
}

function giveUpStopping(logger: Logger): void {
  logger.error('The stop took too long, and what still ran is cut off', 'Start');
  process.exit(1);
}

try {
  await start();
} catch (error) {
  process.stderr.write(`${explainStart(error)}\n`);
  process.exit(1);
}
