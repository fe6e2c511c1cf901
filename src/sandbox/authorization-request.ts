import { z } from 'zod';
import { redirectTo } from './answer.js';
import { Refusal } from './refusal.js';

/** An authorization request that may be shown to a person (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly scope: string;
  readonly codeChallenge: string;
  readonly state: string | undefined;
}

/** The registered app, as far as it decides about an authorization request. */
export interface RegisteredApp {
  readonly clientId: string;
  readonly redirectUris: ReadonlySet<string>;
}

/** The parameters by name, as they came, each one once. */
export type Parameters = Readonly<Record<string, string>>;

/** Says no on a page: whoever asked cannot be trusted with a redirect. */
export type SayOnPage = (problem: string) => Refusal;

/** Keeps what came once; what came twice is left out, and so is missing. */
export function readParameters(raw: unknown): Parameters {
  const entries = Object.entries(z.record(z.string(), z.unknown()).catch({}).parse(raw));
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  );
}

/**
 * Checks an authorization request as strictly as PagerDuty does, and asks for PKCE always.
 * @throws Refusal a page, where the app or its redirect URI is not known; else a redirect with `error`
 */
export function readAuthorizationRequest(
  parameters: Parameters,
  app: RegisteredApp,
  sayOnPage: SayOnPage,
): AuthorizationRequest {
  const { client_id: clientId, redirect_uri: redirectUri, scope, state } = parameters;
  if (clientId !== app.clientId) throw sayOnPage('The client_id is not that of a registered app.');
  if (redirectUri === undefined || !app.redirectUris.has(redirectUri)) {
    throw sayOnPage('The redirect_uri is not registered for this app, letter for letter.');
  }
  const refuseByRedirect = (error: string, description: string): Refusal =>
    new Refusal(
      redirectTo(callbackUrl(redirectUri, { error, error_description: description, state })),
    );
  const problem = findProblem(parameters);
  if (problem) throw refuseByRedirect('invalid_request', problem);
  if (parameters['response_type'] !== 'code') {
    throw refuseByRedirect('unsupported_response_type', 'response_type must be code.');
  }
  return {
    redirectUri,
    scope: scope ?? '',
    codeChallenge: parameters['code_challenge'] ?? '',
    state,
  };
}

/** The app's redirect URI with the answer in its query; what is undefined is left out. */
export function callbackUrl(
  redirectUri: string,
  answer: Readonly<Record<string, string | undefined>>,
): string {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) {
    if (value !== undefined) target.searchParams.set(name, value);
  }
  return target.href;
}

function findProblem(parameters: Parameters): string | undefined {
  for (const name of ['response_type', 'scope', 'code_challenge', 'code_challenge_method']) {
    if (parameters[name] === undefined) return `${name} must be given, once.`;
  }
  if (parameters['code_challenge_method'] !== 'S256') return 'code_challenge_method must be S256.';
  if (!/^[\w-]{43}$/.test(parameters['code_challenge'] ?? '')) {
    return 'code_challenge must be the base64url form of a SHA-256 hash.';
  }
  return undefined;
}
