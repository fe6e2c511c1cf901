import type { BadDay, JsonObject } from '../../../src/sandbox/bad-days.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { TestClient } from '../../../src/sandbox/testing/test-client.js';

/** Secrets that nobody issued: they must be kept like all others. */
export const MADE_UP = {
  accessToken: 'pdus+_0XmadeUpAccessTokenThatSomebodyEchoes',
  refreshToken: 'pdus+_1XmadeUpRefreshTokenThatSomebodyEchoes',
  code: 'pdcode+madeUpCodeThatSomebodySends',
  state: 'madeUpStateThatSomebodySendsWithItsCallback',
  session: 'madeUpSessionTokenOf43CharactersWhichIsNone',
} as const;

const TOKENS = { access_token: MADE_UP.accessToken, refresh_token: MADE_UP.refreshToken };
const ECHO = JSON.stringify({ error: 'invalid_grant', error_description: MADE_UP.code, ...TOKENS });

/** One way in which a sign-in fails. */
export interface Trouble {
  readonly when: string;
  /** The code of the error that the person is shown. */
  readonly code: string;
  /** Where the same is told otherwise when it happens again at once. */
  readonly codeAgain?: string;
  readonly token?: BadDay;
  /** The token endpoint's honest answer, changed. */
  readonly tokens?: (honest: JsonObject) => JsonObject;
  readonly profile?: BadDay;
  readonly keys?: BadDay;
  readonly given?: (sandbox: Sandbox) => void;
  readonly decision?: 'deny';
  /** The address that the browser arrives at in place of PagerDuty's own callback. */
  readonly arrives?: (callback: URL, sandbox: Sandbox) => string | Promise<string>;
}

const answer = (status: number, body: string, headers = {}): BadDay => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body,
});
const json = (status: number, body: object): BadDay => answer(status, JSON.stringify(body));

/** All kinds of failure, each with as many secrets in the wrong place as will fit. */
export const TROUBLES: readonly Trouble[] = [
  { when: 'the person says no', code: 'access_denied', decision: 'deny' },
  {
    when: 'PagerDuty names an error of its own',
    code: 'authorization_failed',
    arrives: ({ searchParams }) =>
      `/callback?state=${searchParams.get('state')}&error=${MADE_UP.accessToken}&error_description=${MADE_UP.code}`,
  },
  {
    when: 'a callback is forged',
    code: 'state_mismatch',
    arrives: () => `/callback?state=${MADE_UP.state}&code=${encodeURIComponent(MADE_UP.code)}`,
  },
  {
    when: 'a code comes twice',
    code: 'invalid_callback',
    arrives: ({ search }) => `/callback${search}&code=${MADE_UP.code}`,
  },
  {
    when: 'a code comes without a state',
    code: 'state_mismatch',
    arrives: ({ searchParams }) => `/callback?code=${searchParams.get('code')}`,
  },
  {
    when: 'another issuer answers',
    code: 'issuer_mismatch',
    arrives: ({ search }) => `/callback${search}&iss=https://evil.example/${MADE_UP.accessToken}`,
  },
  {
    when: 'somebody was faster with the code',
    code: 'code_rejected',
    arrives: async ({ search, searchParams }, sandbox) => {
      await new TestClient(sandbox).redeem(searchParams.get('code') ?? '');
      return `/callback${search}`;
    },
  },
  { when: 'the refusal echoes what was refused', code: 'code_rejected', token: answer(400, ECHO) },
  { when: 'the client is refused', code: 'client_rejected', token: { kind: 'invalid-client' } },
  {
    when: 'the token endpoint fails with tokens in its page',
    code: 'pagerduty_unavailable',
    token: answer(500, `<p>${ECHO}</p>`, { 'content-type': 'text/html' }),
  },
  {
    when: 'the token endpoint leads elsewhere',
    code: 'pagerduty_unavailable',
    token: { kind: 'redirect', location: `/elsewhere?access_token=${MADE_UP.accessToken}` },
  },
  {
    when: 'the token answer is no JSON',
    code: 'pagerduty_unavailable',
    token: answer(200, `${ECHO}}`),
  },
  {
    when: 'the token answer is of the wrong types',
    code: 'pagerduty_unavailable',
    tokens: (honest) => ({ ...honest, expires_in: honest['refresh_token'] }),
  },
  {
    when: 'the token answer breaks off',
    code: 'pagerduty_unavailable',
    token: { kind: 'lost', afterBytes: 200 },
  },
  {
    when: 'less is granted than was asked',
    code: 'insufficient_scope',
    tokens: (honest) => ({ ...honest, scope: `openid ${MADE_UP.accessToken}` }),
  },
  {
    when: 'the ID token belongs to another access token',
    code: 'identity_invalid',
    tokens: (honest) => ({ ...honest, access_token: MADE_UP.accessToken }),
  },
  {
    when: 'the ID token is signed by a stranger',
    code: 'identity_invalid',
    given: (sandbox) => {
      sandbox.tamperIdToken = (honest) => ({ ...honest, signedBy: 'stranger' });
    },
  },
  {
    when: 'the ID token holds what it should not',
    code: 'identity_invalid',
    given: (sandbox) => {
      sandbox.tamperIdToken = ({ claims, ...token }) => ({
        ...token,
        claims: { ...claims, iss: MADE_UP.accessToken, user_id: [MADE_UP.refreshToken] },
      });
    },
  },
  {
    when: 'the signing keys are nonsense',
    code: 'pagerduty_unavailable',
    given: (sandbox) => {
      sandbox.tamperIdToken = ({ header, ...token }) => ({
        ...token,
        header: { ...header, kid: MADE_UP.code },
      });
    },
    keys: json(200, TOKENS),
    // Unknown keys have the known ones fetched again at most once in 5 seconds.
    codeAgain: 'identity_invalid',
  },
  { when: 'the fresh token is refused', code: 'identity_invalid', profile: json(401, TOKENS) },
  {
    when: 'the profile needs another scope',
    code: 'insufficient_scope',
    profile: json(403, { error: { required_scopes: MADE_UP.accessToken, ...TOKENS } }),
  },
  {
    when: 'the profile is somebody else’s',
    code: 'identity_invalid',
    profile: { kind: 'tamper', json: changeUser({ id: 'PSMB0DY' }) },
  },
  {
    when: 'the profile lacks its address, but has its calendar',
    code: 'identity_invalid',
    profile: { kind: 'tamper', json: changeUser({ email: null }) },
  },
  {
    when: 'the profile is cut short',
    code: 'pagerduty_unavailable',
    profile: { kind: 'nonsense', body: 'truncated' },
  },
];

function changeUser(change: JsonObject): (body: JsonObject) => JsonObject {
  return (body) => ({ user: { ...Object(body['user']), ...change } });
}
