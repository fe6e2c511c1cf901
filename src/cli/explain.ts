import { AppError } from '../common/app-error.js';
import { SettingsError } from '../common/parse-env.js';
import { systemErrorCode } from '../common/system-error.js';

/** What stopped a command, in one plain line for each problem; only what nobody expects comes with a stack. */
export function explain(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (error instanceof AppError) return `${error.detail}${reasonOf(error.cause)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The database's or the system's own words: an operator needs them, and they hold no secret. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if (cause.cause !== undefined) return reasonOf(cause.cause);
  const [line = ''] = (cause.message || (systemErrorCode(cause) ?? '')).split('\n');
  return line && ` (${line})`;
}
