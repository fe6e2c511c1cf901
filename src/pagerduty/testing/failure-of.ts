import { AppError } from '../../common/app-error.js';

/** The error that the work ends with, which has to be of that class. */
export async function failureOf<E extends Error>(
  work: Promise<unknown>,
  kind: abstract new (...given: never[]) => E,
): Promise<E> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof kind) return error;
  throw new Error(`it did not fail with a ${kind.name}`, { cause: error });
}

/** The {@link AppError} that the work ends with. */
export const appErrorOf = async (work: Promise<unknown>): Promise<AppError> =>
  failureOf(work, AppError);
