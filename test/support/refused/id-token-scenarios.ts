import type { BadDay } from '../../../src/sandbox/bad-days.js';
import type { IdTokenTamper } from '../../../src/sandbox/id-token.js';
import type { Signer } from '../../../src/sandbox/signing-key.js';
import { learnKeys, type Stage } from './journey.js';
import {
  IDENTITY_INVALID,
  KEYS_ASKED,
  TOKEN_ASKED,
  UNAVAILABLE,
  type RefusedScenario,
} from './scenario.js';
import { answering, BROKEN_ANSWERS, trouble } from './trouble.js';

/** Changes the ID token before it is signed. */
export const tampering =
  (tamper: IdTokenTamper) =>
  ({ running }: Stage): void => {
    running.sandbox.tamperIdToken = tamper;
  };

/** Changes its claims; `undefined` takes one out. */
export const saying = (claims: Readonly<Record<string, unknown>>) =>
  tampering((token) => ({ ...token, claims: { ...token.claims, ...claims } }));

/** Moves its times, in seconds from now. */
export const timed = (seconds: Readonly<Record<string, number>>) =>
  tampering((token) => {
    const now = Number(token.claims['iat']);
    const moved = Object.entries(seconds).map(([claim, by]) => [claim, now + by]);
    return { ...token, claims: { ...token.claims, ...Object.fromEntries(moved) } };
  });

/** Changes who it is for, next to the honest audience: API and client. */
export const audience = (change: (honest: readonly unknown[]) => unknown) =>
  tampering((token) => {
    const aud = token.claims['aud'];
    return { ...token, claims: { ...token.claims, aud: change(Array.isArray(aud) ? aud : []) } };
  });

const signed = (signedBy: Signer, header: Readonly<Record<string, unknown>> = {}) =>
  tampering((token) => ({ ...token, signedBy, header: { ...token.header, ...header } }));

/** Changes the token after it was signed. */
const spoiled = (change: (idToken: string) => string): BadDay => ({
  kind: 'tamper',
  json: (body) => ({ ...body, id_token: change(String(body['id_token'])) }),
});

const flipSignature = (idToken: string): string =>
  idToken.replace(/\.(.)([^.]*)$/, (_all, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`);

const forgeClaims = (idToken: string): string => {
  const [header, claims = '', signature] = idToken.split('.');
  const forged = Buffer.from(claims, 'base64url')
    .toString()
    .replace(/"PRB1N0K"/, '"PADA2LQ"');
  return [header, Buffer.from(forged).toString('base64url'), signature].join('.');
};

const refused = (
  when: string,
  given: RefusedScenario['given'],
  asks = KEYS_ASKED,
): RefusedScenario => ({
  when: `the ID token ${when}`,
  given,
  ends: IDENTITY_INVALID,
  asks,
});

const WRONG_CLAIMS: readonly RefusedScenario[] = [
  refused('is of another issuer', saying({ iss: 'https://evil.example' })),
  refused(
    'has an issuer with a slash too many',
    saying({ iss: 'https://app.pagerduty.com/global/oauth/anonymous/' }),
  ),
  refused(
    'is for another app',
    audience(([api]) => [api, 'another-client']),
  ),
  refused(
    'is for the API alone',
    audience(([api]) => [api]),
  ),
  refused(
    'is for an audience nobody knows besides',
    audience((both) => [...both, 'https://evil.example']),
  ),
  refused(
    'is for both regions',
    audience(([api, client]) => [api, String(api).replace('/us', '/eu'), client]),
  ),
  refused('is for nobody', saying({ aud: [] })),
  refused('has a number for an audience', saying({ aud: 7 })),
  refused('names another authorized party', saying({ azp: 'another-client' })),
  refused('names no authorized party of its two audiences', saying({ azp: undefined })),
  refused('ran out 90 seconds ago', timed({ exp: -90 })),
  refused('starts in 90 seconds', timed({ nbf: 90 })),
  refused('was issued 90 seconds from now', timed({ iat: 90 })),
  refused('ends with a text', saying({ exp: '9999999999' })),
  ...['account_id', 'user_id', 'exp', 'iat', 'iss', 'aud', 'purpose'].map((claim) =>
    refused(`has no ${claim}`, saying({ [claim]: undefined })),
  ),
  refused('has an empty account_id', saying({ account_id: '' })),
  refused('has a number for a user_id', saying({ user_id: 7 })),
  refused('has another purpose', saying({ purpose: 'access' })),
  refused('belongs to another access token', saying({ at_hash: 'A'.repeat(22) })),
  refused('has an empty access token hash', saying({ at_hash: '' })),
];

const WRONG_SIGNATURES: readonly RefusedScenario[] = [
  refused('has another signature', trouble('token')(spoiled(flipSignature))),
  refused('was changed after it was signed', trouble('token')(spoiled(forgeClaims))),
  refused('is signed by a stranger under PagerDuty’s key id', signed('stranger')),
  refused('names an unknown key', signed('stranger', { kid: 'unknown' })),
  {
    ...refused('names an unknown key and the keys are known', undefined),
    given: async (stage) => {
      await learnKeys(stage);
      signed('stranger', { kid: 'unknown' })(stage);
    },
  },
  refused('is signed with alg none', signed('nobody'), TOKEN_ASKED),
  refused('is signed with alg nOnE', signed('nobody', { alg: 'nOnE' }), TOKEN_ASKED),
  refused('is signed with the client secret (HS256)', signed('client-secret'), TOKEN_ASKED),
  refused('is signed with the public key (HS256)', signed('public-key'), TOKEN_ASKED),
  refused('says RS512', signed('sandbox', { alg: 'RS512' }), TOKEN_ASKED),
  refused(
    'has a critical header nobody knows',
    signed('sandbox', { crit: ['b65'], b65: 1 }),
    TOKEN_ASKED,
  ),
  refused(
    'is no JWT',
    tampering(() => 'not-a-jwt'),
    TOKEN_ASKED,
  ),
  refused(
    'is three dots',
    tampering(() => '...'),
    TOKEN_ASKED,
  ),
  refused(
    'has no signature part',
    trouble('token')(spoiled((token) => token.replace(/\.[^.]*$/, ''))),
    TOKEN_ASKED,
  ),
];

const BROKEN_KEYS: readonly RefusedScenario[] = [
  ...BROKEN_ANSWERS,
  ['no keys', answering(200, { keys: [] })] as const,
  ['keys that are none', answering(200, { keys: [1] })] as const,
  ['404', { kind: 'status', status: 404 }] as const,
].map(([what, day]) => ({
  when: `the keys are asked for, and PagerDuty answers ${what}`,
  given: trouble('jwks')(day),
  ends: UNAVAILABLE,
  asks: KEYS_ASKED,
}));

/** What an ID token, and the keys that should prove it, may be. */
export const ID_TOKEN_SCENARIOS: readonly RefusedScenario[] = [
  ...WRONG_CLAIMS,
  ...WRONG_SIGNATURES,
  ...BROKEN_KEYS,
];
