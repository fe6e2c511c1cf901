import { AppError } from './common/app-error.js';
import { SettingsError } from './common/parse-env.js';
import { systemErrorCode } from './common/system-error.js';

const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'PORT or SANDBOX_PORT: another program listens there already; choose another one (with PORT goes REDIRECT_URI)',
  EACCES: 'PORT or SANDBOX_PORT: listening there takes rights that this program does not have',
  EADDRNOTAVAIL: 'HOST: this machine has no such address; 127.0.0.1 and 0.0.0.0 always work',
  ENOTFOUND: 'HOST: this name has no address; 127.0.0.1 and 0.0.0.0 always work',
};

/** What stopped a start, a plain line for each problem; only what nobody expects comes with a stack. */
export function explainStart(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (error instanceof AppError && error.code === 'storage_unavailable') {
    return `DATABASE_URL: the database cannot be used: ${error.detail}`;
  }
  const listenFailure = LISTEN_FAILURES[systemErrorCode(error) ?? ''];
  if (listenFailure) return listenFailure;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
