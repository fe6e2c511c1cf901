import { z } from 'zod';
import { AppError } from '../common/app-error.js';

const MAX_LENGTH = 4096;
// RFC 6749 appendix A: state, code and error are visible ASCII; the other parameters are not read.
const word = z
  .string()
  .max(MAX_LENGTH)
  .regex(/^[\x20-\x7e]+$/);

const schema = z
  .object({
    state: word.optional(),
    code: word.optional(),
    error: word.optional(),
    iss: word.optional(),
  })
  .refine(({ code, error }) => (code === undefined) !== (error === undefined));

/** What PagerDuty sent the browser back with (RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207). */
export type CallbackQuery = z.output<typeof schema>;

/**
 * Reads a callback's parameters: each at most once, and either a code or an error.
 * @throws AppError `invalid_callback`
 */
export function parseCallbackQuery(query: unknown): CallbackQuery {
  const repeated = Object.values(query ?? {}).some((value) => typeof value !== 'string');
  const parsed = schema.safeParse(query);
  if (repeated || !parsed.success) {
    throw new AppError(
      'invalid_callback',
      'This address is where PagerDuty sends people back to, and what came with it is not what PagerDuty sends. Start again from the first page.',
    );
  }
  return parsed.data;
}
