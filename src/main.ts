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
  await app.init();
  // Nest's own `listen` would log the value of a HOST that cannot be used.
  await app.getHttpAdapter().getInstance().listen({ port: http.port, host: http.host });
  const logger = app.get(Logger);
  if (sandbox) {
    logger.log(
      `No PagerDuty app is configured: this is the sandbox PagerDuty, at ${sandbox.url}. No real account is touched.`,
      'Start',
    );
  }
  logger.log(`Listening on ${http.host}:${http.port}`, 'Start');
  logger.log(`Open ${http.publicOrigin}`, 'Start');
}

try {
  await start();
} catch (error) {
  process.stderr.write(`${explainStart(error)}\n`);
  process.exit(1);
}
