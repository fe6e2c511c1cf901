import {
  AUTHORIZATION_FAILED,
  INSUFFICIENT_SCOPE,
  MARKUP,
  TOKEN_ASKED,
  UNAVAILABLE,
  type Refusal,
  type RefusedScenario,
} from './scenario.js';
import { answering, BROKEN_ANSWERS, changing, trouble } from './trouble.js';
import type { BadDay } from '../../../src/sandbox/bad-days.js';

const CODE_REJECTED: Refusal = { status: 403, code: 'code_rejected', says: /try again/i };
const CLIENT_REJECTED: Refusal = { status: 502, code: 'client_rejected', says: /PD_CLIENT_SECRET/ };
const RATE_LIMITED: Refusal = { status: 503, code: 'rate_limited', retryAfter: /^[1-9]\d*$/ };
const ONLY_OPENID: Refusal = {
  ...INSUFFICIENT_SCOPE,
  says: /not .?read.*Scoped.*users\.read.*Classic/s,
};

const answered = (when: string, day: BadDay, ends: Refusal): RefusedScenario => ({
  when: `the token endpoint answers ${when}`,
  given: trouble('token')(day),
  ends,
  asks: TOKEN_ASKED,
});

const refusing = (error: string, status = 400): BadDay =>
  answering(status, { error, error_description: `${MARKUP} no` });

const REFUSALS: readonly RefusedScenario[] = [
  answered('invalid_grant', refusing('invalid_grant'), CODE_REJECTED),
  answered('invalid_client', { kind: 'invalid-client' }, CLIENT_REJECTED),
  answered('invalid_client with status 400', refusing('invalid_client'), CLIENT_REJECTED),
  answered('401 with no body', answering(401, ''), CLIENT_REJECTED),
  answered('401 with a page', answering(401, '<p>No.</p>'), CLIENT_REJECTED),
  ...['invalid_request', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'].map(
    (word) => answered(word, refusing(word), AUTHORIZATION_FAILED),
  ),
  answered('an error word of its own', refusing('app_suspended'), AUTHORIZATION_FAILED),
  answered('an error word that is markup', refusing(MARKUP), AUTHORIZATION_FAILED),
  answered(
    '429 with headers',
    { kind: 'rate-limited', resetS: 7 },
    { ...RATE_LIMITED, retryAfter: /^7$/ },
  ),
  answered('429 with nothing', { kind: 'rate-limited', bare: true }, RATE_LIMITED),
  answered(
    '503 with Retry-After',
    { kind: 'status', status: 503, retryAfterS: 9 },
    { ...UNAVAILABLE, retryAfter: /^9$/ },
  ),
  answered('400 with a page', answering(400, '<p>No.</p>'), UNAVAILABLE),
  answered('404', { kind: 'status', status: 404 }, UNAVAILABLE),
  answered('an error with status 200', refusing('invalid_grant', 200), UNAVAILABLE),
];

const BROKEN: readonly RefusedScenario[] = [
  ...BROKEN_ANSWERS.map(([what, day]) => answered(what, day, UNAVAILABLE)),
  answered('every field mistyped', { kind: 'nonsense', body: 'mistyped' }, UNAVAILABLE),
  answered('null', answering(200, 'null'), UNAVAILABLE),
  ...Object.entries({
    'no access token': { access_token: undefined },
    'an empty access token': { access_token: '' },
    'an access token with a line break': { access_token: 'pdus\r\nx-probe: 1' },
    'no refresh token': { refresh_token: undefined },
    'a refresh token that is null': { refresh_token: null },
    'expires_in as a text': { expires_in: '864000' },
    'expires_in below zero': { expires_in: -1 },
    'expires_in zero': { expires_in: 0 },
    'expires_in with a fraction': { expires_in: 0.5 },
    'expires_in as long as time': { expires_in: 1e300 },
    'no expires_in': { expires_in: undefined },
    'a token of type mac': { token_type: 'mac' },
    'no token type': { token_type: undefined },
    'scopes as a list': { scope: ['openid', 'read'] },
    'an ID token that is a number': { id_token: 7 },
    'an empty ID token': { id_token: '' },
  }).map(([what, fields]) => answered(what, changing(fields), UNAVAILABLE)),
];

const SCOPES: readonly RefusedScenario[] = [
  answered('the scope openid alone', changing({ scope: 'openid' }), ONLY_OPENID),
  answered('no scope at all', changing({ scope: '' }), INSUFFICIENT_SCOPE),
  answered('other scopes than asked for', changing({ scope: 'openid reader READ' }), ONLY_OPENID),
  answered('a scope that is markup', changing({ scope: `openid <x-probe>` }), ONLY_OPENID),
];

/** What the token endpoint may answer to a code. */
export const TOKEN_SCENARIOS: readonly RefusedScenario[] = [...REFUSALS, ...BROKEN, ...SCOPES];
