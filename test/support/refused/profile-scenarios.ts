import type { BadDay, JsonObject } from '../../../src/sandbox/bad-days.js';
import type { Stage } from './journey.js';
import {
  ALL_ASKED,
  IDENTITY_INVALID,
  INSUFFICIENT_SCOPE,
  MARKUP,
  UNAVAILABLE,
  type Refusal,
  type RefusedScenario,
} from './scenario.js';
import { answering, BROKEN_ANSWERS, changing, trouble } from './trouble.js';

const RATE_LIMITED: Refusal = { status: 503, code: 'rate_limited', retryAfter: /^30$/ };

/** The honest profile with some of its fields changed. */
export const profile = (fields: JsonObject): BadDay => ({
  kind: 'tamper',
  json: ({ user }) => ({ user: { ...Object(user), ...fields } }),
});

/** Troubles that pass are waited out, so they belong elsewhere. */
const lasts = (what: string): boolean => !/^50[0234]|broken/.test(what);

const read = (when: string, day: BadDay, ends = IDENTITY_INVALID): RefusedScenario => ({
  when: `the profile is asked for, and PagerDuty answers ${when}`,
  given: trouble('users_me')(day),
  ends,
  asks: ALL_ASKED,
});

const missingScopes = (required_scopes: unknown): BadDay =>
  answering(403, { error: { message: 'Token missing required scopes', required_scopes } });

const withoutIdToken = ({ running }: Stage): void =>
  running.sandbox.days.set('token', changing({ id_token: undefined }));

/** What `GET /users/me` may answer. */
export const PROFILE_SCENARIOS: readonly RefusedScenario[] = [
  read('with somebody else', profile({ id: 'P0THERS' })),
  read('without an id', profile({ id: undefined })),
  read('with a number for a name', profile({ name: 7 })),
  read('with an empty name', profile({ name: '' })),
  read('without an e-mail address', profile({ email: null })),
  read('without a user', answering(200, {})),
  read('with a user that is null', answering(200, { user: null })),
  read('with every field mistyped', { kind: 'nonsense', body: 'mistyped' }),
  read('400', { kind: 'status', status: 400 }),
  read('401', answering(401, { error: { message: 'Authentication failed', code: 2006 } })),
  read('402', { kind: 'status', status: 402 }),
  read('403 without a reason', { kind: 'status', status: 403 }),
  read('404', { kind: 'status', status: 404 }),
  read('403 naming the scope', missingScopes('users.read'), {
    ...INSUFFICIENT_SCOPE,
    says: /users\.read/,
  }),
  read('403 naming scopes in a list', missingScopes(['users.read', 'teams.read']), {
    ...INSUFFICIENT_SCOPE,
    says: /users\.read.*teams\.read/s,
  }),
  read('403 naming markup as the scope', missingScopes(MARKUP), INSUFFICIENT_SCOPE),
  read('429 with half a minute to wait', { kind: 'rate-limited', resetS: 30 }, RATE_LIMITED),
  read(
    '503 with half a minute to wait',
    { kind: 'status', status: 503, retryAfterS: 30 },
    { ...UNAVAILABLE, retryAfter: /^30$/ },
  ),
  ...BROKEN_ANSWERS.filter(([what]) => lasts(what)).map(([what, day]) =>
    read(what, day, UNAVAILABLE),
  ),
  {
    when: 'there is no ID token, and the person lives in another region than PD_REGION',
    person: 2,
    given: withoutIdToken,
    ends: IDENTITY_INVALID,
    asks: { token: 1, profile: 1 },
  },
];
