import { z } from 'zod';
import { AppError } from '../../common/app-error.js';
import { rateLimited, unusable } from '../answer-errors.js';
import type { TransportAnswer } from '../http-transport.js';
import { parseJson } from '../parse-json.js';
import type { Region } from '../region.js';

// PagerDuty sends them as one string; a list is taken as well.
const scopeWords = z
  .union([z.string(), z.array(z.string()).transform((words) => words.join(' '))])
  .transform((words) => words.split(/[\s,]+/).filter(Boolean));

const missingScopes = z
  .object({ error: z.object({ required_scopes: scopeWords }) })
  .transform(({ error }) => error.required_scopes);

const SCOPE_WORD = /^[a-z][\w.:-]{0,63}$/i;

/** What it means that `GET /users/me` was answered with anything but a profile, when waiting is over. */
export function toProfileRefusal(answer: TransportAnswer, region: Region): AppError {
  if (answer.status === 429) return rateLimited(answer);
  if (answer.status === 403) return toForbidden(answer, region);
  if (answer.status < 400 || answer.status === 408 || answer.status >= 500) return unusable(answer);
  const what =
    answer.status === 401 ? 'refused the fresh token' : `gave no profile (status ${answer.status})`;
  return identityInvalid(`PagerDuty's ${region.toUpperCase()} API ${what}.`);
}

/** The profile, or the token that should have led to it, is not what it has to be. */
export function identityInvalid(detail: string): AppError {
  return new AppError('identity_invalid', detail);
}

function toForbidden(answer: TransportAnswer, region: Region): AppError {
  const words = parseJson(answer.text, missingScopes);
  if (!words) {
    return identityInvalid(`PagerDuty's ${region.toUpperCase()} API refused to show the profile.`);
  }
  const needed = words.filter((word) => SCOPE_WORD.test(word)).map((word) => `\`${word}\``);
  const told = needed.length > 0 ? `needs the scope ${needed.join(' ')}` : 'needs another scope';
  return new AppError(
    'insufficient_scope',
    `PagerDuty ${told} to show who you are, and this grant lacks it.`,
  );
}
