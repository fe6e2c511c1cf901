import { systemErrorCode } from './system-error.js';

/** `.env` of the working directory fills in what the environment does not say. */
export function loadDotEnv(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
