import type { ErrorCode } from '../../../src/common/app-error.js';
import { Database } from '../../../src/database/database.js';
import type { RunningAppWithSandbox } from '../app.js';
import type { Journey } from './journey.js';

/** How many requests of which kind reached PagerDuty; a kind that is not named was not asked for. */
export interface Asked {
  readonly token?: number;
  readonly keys?: number;
  readonly profile?: number;
  readonly profileInEu?: number;
}

/** What the browser is told. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  /** What `Retry-After` holds; no such header where this is absent. */
  readonly retryAfter?: RegExp;
  /** What a person can read. */
  readonly says?: RegExp;
}

/** A journey that ends with an error; nothing of it is ever stored. */
export interface RefusedScenario extends Journey {
  /** Reads after "where". */
  readonly when: string;
  readonly ends: Refusal;
  readonly asks: Asked;
  /** The flows that the browser still has pending afterwards; none unless told. */
  readonly flowsLeft?: number;
  /** Whether **Try again** can keep the return target; so it is unless a flow is left over. */
  readonly knowsFlow?: boolean;
}

/** A journey that looks like trouble and ends well: one connection, one session. */
export interface AcceptedScenario extends Journey {
  readonly when: string;
  readonly asks: Asked;
  readonly region?: 'us' | 'eu';
}

export const NOTHING_ASKED: Asked = {};
export const TOKEN_ASKED: Asked = { token: 1 };
export const KEYS_ASKED: Asked = { token: 1, keys: 1 };
export const ALL_ASKED: Asked = { token: 1, keys: 1, profile: 1 };

export const UNAVAILABLE: Refusal = { status: 502, code: 'pagerduty_unavailable' };
export const TIMED_OUT: Refusal = { status: 504, code: 'pagerduty_unavailable' };
export const IDENTITY_INVALID: Refusal = { status: 502, code: 'identity_invalid' };
export const INSUFFICIENT_SCOPE: Refusal = { status: 403, code: 'insufficient_scope' };
export const AUTHORIZATION_FAILED: Refusal = { status: 502, code: 'authorization_failed' };

/** Text that would run, were it ever shown as it is; `x-probe` finds it in any disguise. */
export const MARKUP = `"'><script>/*x-probe*/</script>`;

const NAMES: ReadonlyMap<string, keyof Asked> = new Map([
  ['POST /oauth/token', 'token'],
  ['GET /global/oauth/anonymous/jwks', 'keys'],
  ['GET /api/us/users/me', 'profile'],
  ['GET /api/eu/users/me', 'profileInEu'],
]);

/** Everything that the program asked of PagerDuty; a route that it has no business with goes by its path. */
export function askedOf({
  sandbox,
}: Pick<RunningAppWithSandbox, 'sandbox'>): Readonly<Record<string, number>> {
  const byProgram = [...sandbox.requests.counts()].filter(
    ([route]) => !route.endsWith('/oauth/authorize'),
  );
  return Object.fromEntries(byProgram.map(([route, times]) => [NAMES.get(route) ?? route, times]));
}

/** How many rows the database holds. */
export async function stored({
  app,
}: Pick<RunningAppWithSandbox, 'app'>): Promise<{ connections: number; sessions: number }> {
  const database = app.get(Database);
  const connections = await database.selectFrom('connections').select('id').execute();
  const sessions = await database.selectFrom('sessions').select('token_hash').execute();
  return { connections: connections.length, sessions: sessions.length };
}

/** Empties the database. */
export async function forgetEverybody({ app }: Pick<RunningAppWithSandbox, 'app'>): Promise<void> {
  const database = app.get(Database);
  await database.deleteFrom('sessions').execute();
  await database.deleteFrom('connections').execute();
}

/** A scenario’s promise in a title: `the code is made up: 403 code_rejected, asks for token 1, nothing stored`. */
export function titleOf({ when, ends, asks }: RefusedScenario): string {
  return `${when}: ${ends.status} ${ends.code}, ${sayAsked(asks)}, nothing stored`;
}

/** The requests in words. */
export function sayAsked(asks: Asked): string {
  const words = Object.entries(asks).map(([what, times]) => `${what} ${times}`);
  return words.length === 0 ? 'asks for nothing' : `asks for ${words.join(', ')}`;
}
