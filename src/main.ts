import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { httpConfig } from './common/http.config.js';
import { loadDotEnv } from './common/load-dot-env.js';
import { findSettingProblems, SettingsError } from './common/parse-env.js';
import { systemErrorCode } from './common/system-error.js';
import { configureApp, createHttpAdapter } from './configure-app.js';
import { startSandboxIfNoAppIsConfigured } from './sandbox-mode.js';
import { SETTINGS } from './settings.js';

async function start(): Promise<void> {
  loadDotEnv();
  const sandbox = await startSandboxIfNoAppIsConfigured(process.env);
  const problems = findSettingProblems(SETTINGS);
  if (problems.length > 0) throw new SettingsError(problems);

  const http = httpConfig();
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, createHttpAdapter(http), {
    bufferLogs: true,
    abortOnError: false,
  });
  await configureApp(app);
  await app.listen(http.port, http.host);
  const logger = app.get(Logger);
  if (sandbox)
    logger.log(
      `No PagerDuty app is configured: this is the sandbox PagerDuty, at ${sandbox.url}. No real account is touched.`,
      'Start',
    );
  logger.log(`Open ${http.publicOrigin}`, 'Start');
}

/** What stops a start is said in plain lines; only what nobody expects comes with a stack. */
function explain(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (systemErrorCode(error) === 'EADDRINUSE')
    return 'PORT or SANDBOX_PORT: another program listens there already; choose another one (with PORT goes REDIRECT_URI)';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await start();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
