import { z } from 'zod';
import { AppError, type ErrorCode } from '../../common/app-error.js';
import { rateLimited, unusable } from '../answer-errors.js';
import type { TransportAnswer } from '../http-transport.js';
import { parseJson } from '../parse-json.js';

const OAUTH_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
] as const;

/** The token endpoint's words for a refusal (RFC 6749 section 5.2); `other` for a word of its own. */
export type OAuthError = (typeof OAUTH_ERRORS)[number] | 'other';

/** The grants that this program asks for (RFC 6749 sections 4.1.3 and 6). */
export type GrantType = 'authorization_code' | 'refresh_token';

/**
 * The token endpoint's clear no. Only one of RFC 6749's words is kept of what PagerDuty sent:
 * its description may echo the code or token that was refused.
 */
export class TokenRefusedError extends AppError {
  constructor(
    code: ErrorCode,
    detail: string,
    readonly oauthError: OAuthError,
  ) {
    super(code, detail);
  }
}

const refusal = z.object({ error: z.string() }).transform(({ error }) => readWord(error));

const GRANT_DEAD: Readonly<Record<GrantType, string>> = {
  authorization_code:
    'PagerDuty did not accept the authorization code: one lives 30 seconds and works once. Please try again.',
  refresh_token: 'PagerDuty no longer accepts the refresh token. Please connect again.',
};

const CLIENT_REJECTED =
  "PagerDuty does not accept this application's credentials. Its operator has to compare `PD_CLIENT_ID` and `PD_CLIENT_SECRET` with App Functionality of the registered app.";

/** PagerDuty refuses this app's credentials: its operator's to mend, no connection's fault. */
export function clientRejected(): TokenRefusedError {
  return new TokenRefusedError('client_rejected', CLIENT_REJECTED, 'invalid_client');
}

/** PagerDuty's word for why it said no, where the answer is an OAuth refusal. */
export function readOAuthError({ status, text }: TransportAnswer): OAuthError | undefined {
  return status >= 400 && status < 500 ? parseJson(text, refusal) : undefined;
}

/** Whether PagerDuty refused this app's secret, not the grant. */
export function refusesClient(answer: TransportAnswer): boolean {
  return answer.status === 401 || readOAuthError(answer) === 'invalid_client';
}

/** The error for an answer that holds no tokens. */
export function toRefusal(answer: TransportAnswer, grantType: GrantType): AppError {
  if (answer.status === 429) return rateLimited(answer);
  if (refusesClient(answer)) return clientRejected();
  const word = readOAuthError(answer);
  if (!word) return unusable(answer);
  if (word === 'invalid_grant') {
    return new TokenRefusedError('code_rejected', GRANT_DEAD[grantType], word);
  }
  const told = word === 'other' ? '' : ` (${word})`;
  return new TokenRefusedError('authorization_failed', `PagerDuty gave no tokens${told}.`, word);
}

function readWord(error: string): OAuthError {
  return OAUTH_ERRORS.find((word) => word === error) ?? 'other';
}
