import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ErrorCode } from '../../common/app-error.js';
import { Secret } from '../../common/secret.js';
import { WatchedTransport, StillClock, configAt } from '../testing/doubles.js';
import { appErrorOf } from '../testing/failure-of.js';
import {
  cut,
  hang,
  html,
  json,
  LoopbackServer,
  padded,
  raw,
  redirect,
  type Reply,
} from '../testing/loopback-server.js';
import { ClientCredentials } from './client-credentials.js';
import { TokenEndpoint } from './token-endpoint.js';

const ANSWER = {
  client_info: 'prefix_legacy_app',
  id_token: 'eyJ.e30.sig',
  token_type: 'bearer',
  access_token: 'pdus+_0XBPWQQ_a',
  refresh_token: 'pdus+_1XBPWQQ_b',
  scope: 'openid read',
  expires_in: 864_000,
};
const CODE = { code: 'code+/1', redirectUri: 'http://localhost/cb', codeVerifier: 'verifier~1' };
const REFRESH_TOKEN = new Secret('pdus+_1XBPWQQ_old');
const { refresh_token: _, ...WITHOUT_REFRESH_TOKEN } = ANSWER;

const oauthError = (status: number, error: string): Reply =>
  json(status, { error, error_description: `about code+/1 and secret-1` });

describe('TokenEndpoint', () => {
  let server: LoopbackServer;
  const clock = new StillClock();
  let transport: WatchedTransport;
  let credentials: ClientCredentials;
  let endpoint: TokenEndpoint;

  beforeAll(async () => {
    server = await LoopbackServer.start();
  });
  afterAll(async () => server.close());
  beforeEach(() => useSecrets('secret-1'));
  afterEach(async () => transport.onApplicationShutdown());

  function useSecrets(first: string, ...others: readonly string[]): void {
    const config = configAt(server.url, {
      clientSecrets: [new Secret(first), ...others.map((text) => new Secret(text))],
    });
    transport = new WatchedTransport();
    credentials = new ClientCredentials(config, clock);
    endpoint = new TokenEndpoint(config, transport, credentials, clock);
  }

  const formOf = (index: number): Record<string, string> =>
    Object.fromEntries(new URLSearchParams(server.requests[index]?.body));

  const secretsSent = (): (string | undefined)[] =>
    server.requests.map((_request, index) => formOf(index)['client_secret']);

  describe('exchanging a code', () => {
    it('sends the code, its verifier and the credentials as a form', async () => {
      server.replyWith(json(200, ANSWER));
      await endpoint.exchangeCode(CODE);
      expect(server.requests).toMatchObject([
        {
          method: 'POST',
          path: '/oauth/token',
          headers: {
            accept: 'application/json',
            'content-type': 'application/x-www-form-urlencoded',
          },
        },
      ]);
      expect(formOf(0)).toEqual({
        grant_type: 'authorization_code',
        code: CODE.code,
        redirect_uri: CODE.redirectUri,
        code_verifier: CODE.codeVerifier,
        client_id: 'client-1',
        client_secret: 'secret-1',
      });
    });

    it('gives the token set', async () => {
      server.replyWith(json(200, ANSWER));
      const tokens = await endpoint.exchangeCode(CODE);
      expect(tokens.accessToken.reveal()).toBe(ANSWER.access_token);
      expect(tokens.refreshToken?.reveal()).toBe(ANSWER.refresh_token);
      expect(tokens.idToken?.reveal()).toBe(ANSWER.id_token);
      expect(tokens).toMatchObject({ scope: ['openid', 'read'], expiresInS: 864_000 });
      expect(credentials.state).toBe('accepted');
    });

    it('takes "Bearer" in any case, and silence about scopes', async () => {
      server.replyWith(json(200, { ...ANSWER, token_type: 'BEARER', scope: undefined }));
      expect((await endpoint.exchangeCode(CODE)).scope).toBeUndefined();
    });

    it('asks for 6 seconds in all', async () => {
      server.replyWith(json(200, ANSWER));
      await endpoint.exchangeCode(CODE);
      expect(transport.deadlinesMs).toEqual([6_000]);
    });
  });

  describe('refreshing', () => {
    it('sends the refresh token, encoded, and may get no new one', async () => {
      server.replyWith(json(200, WITHOUT_REFRESH_TOKEN));
      const tokens = await endpoint.refresh(REFRESH_TOKEN);
      expect(tokens.refreshToken).toBeUndefined();
      expect(server.requests[0]?.body).toContain('refresh_token=pdus%2B_1XBPWQQ_old');
      expect(formOf(0)).toMatchObject({ grant_type: 'refresh_token', client_id: 'client-1' });
      expect(transport.deadlinesMs).toEqual([10_000]);
    });

    it('tells by the OAuth word that the grant is dead', async () => {
      server.replyWith(oauthError(400, 'invalid_grant'));
      const error = await appErrorOf(endpoint.refresh(REFRESH_TOKEN));
      expect(error).toMatchObject({ code: 'code_rejected', oauthError: 'invalid_grant' });
      expect(error.detail).toContain('refresh token');
    });

    it('tells where the request never went out', async () => {
      const nowhere = configAt('http://127.0.0.1:1');
      const lost = new TokenEndpoint(nowhere, transport, credentials, clock);
      expect(await appErrorOf(lost.refresh(REFRESH_TOKEN))).toMatchObject({
        code: 'pagerduty_unavailable',
        status: 502,
        cause: { neverSent: true },
      });
    });
  });

  const REFUSALS: [string, Reply, ErrorCode, number][] = [
    ['invalid_grant', oauthError(400, 'invalid_grant'), 'code_rejected', 403],
    ['invalid_client', oauthError(400, 'invalid_client'), 'client_rejected', 502],
    ['401 with HTML', html(401), 'client_rejected', 502],
    ['invalid_scope', oauthError(400, 'invalid_scope'), 'authorization_failed', 502],
    ['an unknown error', oauthError(400, '<b>secret-1</b>'), 'authorization_failed', 502],
    ['429', raw(429, ''), 'rate_limited', 503],
    ['500', html(500), 'pagerduty_unavailable', 502],
    ['503 with an OAuth error', oauthError(503, 'invalid_client'), 'pagerduty_unavailable', 502],
    ['403 with HTML', html(403), 'pagerduty_unavailable', 502],
    ['an error that is no word', json(400, { error: { code: 1 } }), 'pagerduty_unavailable', 502],
    ['a redirect', redirect('/oauth/token'), 'pagerduty_unavailable', 502],
    ['HTML', html(200), 'pagerduty_unavailable', 502],
    ['nothing', raw(200, ''), 'pagerduty_unavailable', 502],
    ['a form', raw(200, 'access_token=a&token_type=bearer'), 'pagerduty_unavailable', 502],
    ['too much', padded(ANSWER, 64 * 1024), 'pagerduty_unavailable', 502],
    ['a cut answer', cut, 'pagerduty_unavailable', 502],
  ];

  it.each(REFUSALS)('turns %s into the right error', async (_what, reply, code, status) => {
    server.replyWith(reply);
    const error = await appErrorOf(endpoint.exchangeCode(CODE));
    expect(error).toMatchObject({ code, status });
    expect(error.detail).not.toMatch(/code\+|secret|<b>/);
    expect(server.requests).toHaveLength(1);
  });

  it('turns silence into a time-out', async () => {
    transport.patienceMs = 50;
    server.replyWith(hang);
    expect(await appErrorOf(endpoint.exchangeCode(CODE))).toMatchObject({
      code: 'pagerduty_unavailable',
      status: 504,
      cause: { neverSent: false },
    });
  });

  it.each([
    ['an array', [ANSWER]],
    ['null', null],
    ['another token type', { ...ANSWER, token_type: 'mac' }],
    ['no token type', { ...ANSWER, token_type: undefined }],
    ['no access token', { ...ANSWER, access_token: undefined }],
    ['an empty access token', { ...ANSWER, access_token: '' }],
    ['a token with a line break', { ...ANSWER, access_token: 'a\r\nx: y' }],
    ['a token with a space', { ...ANSWER, refresh_token: 'a b' }],
    ['an endless token', { ...ANSWER, access_token: 'a'.repeat(20_000) }],
    ['a number for a token', { ...ANSWER, id_token: 7 }],
    ['no refresh token', WITHOUT_REFRESH_TOKEN],
    ['a life in words', { ...ANSWER, expires_in: '864000' }],
    ['no life', { ...ANSWER, expires_in: 0 }],
    ['half a second of life', { ...ANSWER, expires_in: 0.5 }],
    ['a life beyond dates', { ...ANSWER, expires_in: 9e15 }],
    ['scopes as a list', { ...ANSWER, scope: ['read'] }],
  ])('refuses %s as an answer', async (_what, body) => {
    server.replyWith(json(200, body));
    expect(await appErrorOf(endpoint.exchangeCode(CODE))).toMatchObject({
      code: 'pagerduty_unavailable',
      status: 502,
    });
  });

  it.each([
    ['ratelimit-reset', { 'ratelimit-reset': '7' }, 7],
    ['Retry-After', { 'retry-after': '9', 'ratelimit-reset': '7' }, 9],
    ['no header', {}, 60],
    ['an empty header', { 'ratelimit-reset': '' }, 60],
    ['junk', { 'retry-after': '-5' }, 60],
    ['zero', { 'ratelimit-reset': '0' }, 1],
    ['a year', { 'retry-after': '31536000' }, 300],
  ])('tells how long to stay away after a 429 with %s', async (_what, headers, retryAfterS) => {
    server.replyWith(raw(429, '', headers));
    expect(await appErrorOf(endpoint.refresh(REFRESH_TOKEN))).toMatchObject({
      code: 'rate_limited',
      retryAfterS,
    });
  });

  describe('with two secrets', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');

    beforeEach(() => {
      warn.mockReset();
      useSecrets('secret-1', 'secret-2');
    });
    afterAll(() => warn.mockRestore());

    it('tries the second where the first is refused, and begins with it from then on', async () => {
      server.replyWith(oauthError(401, 'invalid_client'), json(200, ANSWER));
      await endpoint.exchangeCode(CODE);
      await endpoint.refresh(REFRESH_TOKEN);
      expect(secretsSent()).toEqual(['secret-1', 'secret-2', 'secret-2']);
      expect(warn.mock.calls).toEqual([[expect.stringContaining('refused one of the two')]]);
      expect(credentials.state).toBe('accepted');
    });

    it('takes invalid_grant as proof that the secret is good', async () => {
      server.replyWith(html(401), oauthError(400, 'invalid_grant'));
      expect(await appErrorOf(endpoint.exchangeCode(CODE))).toMatchObject({
        code: 'code_rejected',
      });
      expect(credentials.state).toBe('accepted');
    });

    it('says so where PagerDuty refuses both', async () => {
      server.replyWith(oauthError(401, 'invalid_client'));
      expect(await appErrorOf(endpoint.exchangeCode(CODE))).toMatchObject({
        code: 'client_rejected',
        oauthError: 'invalid_client',
      });
      expect(secretsSent()).toEqual(['secret-1', 'secret-2']);
      expect(credentials.state).toBe('rejected');
    });

    it('does not try it for anything else', async () => {
      server.replyWith(html(500));
      await appErrorOf(endpoint.exchangeCode(CODE));
      expect(secretsSent()).toEqual(['secret-1']);
      expect(credentials.state).toBe('unknown');
    });

    it('leaves the second only what is left of the time', async () => {
      server.replyWith((response) => {
        clock.nowMs += 5_980;
        html(401)(response);
      }, hang);
      expect(await appErrorOf(endpoint.exchangeCode(CODE))).toMatchObject({ status: 504 });
      expect(transport.deadlinesMs).toEqual([6_000, 20]);
    });
  });

  describe('revoking', () => {
    const token = new Secret('pdus+_token');

    it('sends the token with the credentials, and 3 seconds must do', async () => {
      server.replyWith(raw(200, ''));
      expect(await endpoint.revoke(token)).toBe(true);
      expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/oauth/revoke' });
      expect(formOf(0)).toEqual({
        token: 'pdus+_token',
        client_id: 'client-1',
        client_secret: 'secret-1',
      });
      expect(transport.deadlinesMs).toEqual([3_000]);
    });

    it('tries the second secret too', async () => {
      useSecrets('secret-1', 'secret-2');
      server.replyWith(html(401), raw(204, ''));
      expect(await endpoint.revoke(token)).toBe(true);
    });

    it.each([
      ['a refusal', oauthError(400, 'invalid_request')],
      ['401', html(401)],
      ['404', html(404)],
      ['a redirect', redirect('/')],
      ['an outage', html(503)],
      ['a cut answer', cut],
    ])('admits that %s revoked nothing', async (_what, reply) => {
      server.replyWith(reply);
      expect(await endpoint.revoke(token)).toBe(false);
      expect(credentials.state).toBe('unknown');
    });

    it('gives up on silence', async () => {
      transport.patienceMs = 50;
      server.replyWith(hang);
      expect(await endpoint.revoke(token)).toBe(false);
    });
  });
});
