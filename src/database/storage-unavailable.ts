import { AppError } from '../common/app-error.js';

/** What every failure of the database becomes; the cause must hold no values of a statement. */
export function storageUnavailable(cause: unknown): AppError {
  return new AppError(
    'storage_unavailable',
    'The database cannot be used right now. Try again in a moment.',
    { cause },
  );
}
