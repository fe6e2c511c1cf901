import { z } from 'zod';
import { Secret } from '../../common/secret.js';
import { parseJson } from '../parse-json.js';
import type { TokenSet } from './token-set.js';

const TEN_YEARS_S = 315_360_000;

// RFC 6749 appendix A.12 and A.17, less the space, which no token has and headers could not carry.
const token = z
  .string()
  .max(16_384)
  .regex(/^[\x21-\x7e]+$/)
  .transform((text) => new Secret(text));

// RFC 6749 section 3.3, and an empty list.
const scope = z
  .string()
  .max(4_096)
  .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/)
  .transform((text) => text.split(' ').filter(Boolean));

const tokenAnswer = z
  .object({
    token_type: z.string().regex(/^bearer$/i),
    access_token: token,
    refresh_token: token.optional(),
    id_token: token.optional(),
    expires_in: z.int().positive().max(TEN_YEARS_S),
    scope: scope.optional(),
  })
  .transform((answer): TokenSet => ({
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    idToken: answer.id_token,
    scope: answer.scope,
    expiresInS: answer.expires_in,
  }));

/** A token endpoint's success answer (RFC 6749 section 5.1), or undefined where any part of it is off. */
export function parseTokenAnswer(text: string): TokenSet | undefined {
  return parseJson(text, tokenAnswer);
}
