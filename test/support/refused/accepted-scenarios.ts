import { SANDBOX_ISSUERS } from '../../../src/sandbox/options.js';
import { audience, saying, tampering, timed } from './id-token-scenarios.js';
import { learnKeys, withQuery, type Journey } from './journey.js';
import { profile } from './profile-scenarios.js';
import { ALL_ASKED, type AcceptedScenario } from './scenario.js';
import { changing, trouble } from './trouble.js';

const NEARLY_TEN_MINUTES_MS = 10 * 60_000 - 10_000;

const CALLBACKS: readonly AcceptedScenario[] = [
  {
    when: 'the person took a little less than 10 minutes',
    whileAway: ({ running }) => running.clock.advance(NEARLY_TEN_MINUTES_MS),
    asks: ALL_ASKED,
  },
  ...Object.values(SANDBOX_ISSUERS).map((issuer) => ({
    when: `the callback names the issuer ${issuer}`,
    given: (({ running }) => {
      running.sandbox.authorizationIssuer = issuer;
    }) satisfies Journey['given'],
    asks: ALL_ASKED,
  })),
  {
    when: 'the callback carries a parameter nobody knows',
    arrives: withQuery((query) => query.set('session_state', 'ünknown')),
    asks: ALL_ASKED,
  },
];

const tokenAnswers = (
  when: string,
  fields: Readonly<Record<string, unknown>>,
): AcceptedScenario => ({
  when: `the token answer ${when}`,
  given: trouble('token')(changing(fields)),
  asks: ALL_ASKED,
});

const TOKENS: readonly AcceptedScenario[] = [
  tokenAnswers('names no scope, which means: as asked', { scope: undefined }),
  tokenAnswers('grants more than was asked', { scope: 'write openid read' }),
  tokenAnswers('spells the type Bearer', { token_type: 'Bearer' }),
  tokenAnswers('has fields nobody knows', { surprise: [{}] }),
  {
    ...tokenAnswers('has no ID token', { id_token: undefined }),
    asks: { token: 1, profile: 1 },
    region: 'us',
  },
];

const idTokens = (when: string, given: Journey['given']): AcceptedScenario => ({
  when: `the ID token ${when}`,
  given,
  asks: ALL_ASKED,
});

const ID_TOKENS: readonly AcceptedScenario[] = [
  ...Object.values(SANDBOX_ISSUERS).map((iss) => idTokens(`is of ${iss}`, saying({ iss }))),
  idTokens('ran out 30 seconds ago', timed({ exp: -30 })),
  idTokens('starts in 30 seconds', timed({ nbf: 30 })),
  idTokens('was issued 30 seconds from now', timed({ iat: 30 })),
  idTokens(
    'is for this app alone',
    audience(([, client]) => client),
  ),
  idTokens('has a region word nobody knows', saying({ region: 'Atlantis' })),
  idTokens('has an e-mail address for a sub', saying({ sub: 'somebody@else.example' })),
  idTokens('names no access token hash', saying({ at_hash: undefined })),
  idTokens(
    'names no key, and there is one',
    tampering((token) => ({ ...token, header: {} })),
  ),
  idTokens('is signed with a key that came after the known ones', async (stage) => {
    await learnKeys(stage);
    await stage.running.sandbox.rotateKeys();
  }),
  {
    ...idTokens('is of somebody in the EU', undefined),
    person: 2,
    asks: { token: 1, keys: 1, profileInEu: 1 },
    region: 'eu',
  },
];

const me = trouble('users_me');

const PROFILES: readonly AcceptedScenario[] = [
  {
    when: 'the profile is there after one 503',
    given: me({ kind: 'status', status: 503, times: 1 }),
    asks: { ...ALL_ASKED, profile: 2 },
  },
  {
    when: 'the profile is there after two 500',
    given: me({ kind: 'status', status: 500, times: 2 }),
    asks: { ...ALL_ASKED, profile: 3 },
  },
  {
    when: 'the profile is there after a 429 of a second',
    given: me({ kind: 'rate-limited', resetS: 1, times: 1 }),
    asks: { ...ALL_ASKED, profile: 2 },
  },
  {
    when: 'the profile is there after a 429 with nothing',
    given: me({ kind: 'rate-limited', bare: true, times: 1 }),
    asks: { ...ALL_ASKED, profile: 2 },
  },
  {
    when: 'the profile is there after a broken connection',
    given: me({ kind: 'lost', times: 1 }),
    asks: { ...ALL_ASKED, profile: 2 },
  },
  {
    when: 'the profile has nulls and other kinds wherever it may',
    given: me(
      profile({ time_zone: null, job_title: 7, teams: 'none', avatar_url: 'javascript:1' }),
    ),
    asks: ALL_ASKED,
  },
];

/** What looks like trouble and is none. */
export const ACCEPTED_SCENARIOS: readonly AcceptedScenario[] = [
  ...CALLBACKS,
  ...TOKENS,
  ...ID_TOKENS,
  ...PROFILES,
];
