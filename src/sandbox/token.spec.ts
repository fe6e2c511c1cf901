import { Sandbox } from './sandbox.js';
import { readTokens, TestClient } from './test-client.js';

const DAY_MS = 86_400_000;

const errorOf = async (answer: Response) => [answer.status, await answer.json()];
const isRefused = (status: number, error: string) => [status, expect.objectContaining({ error })];

describe('the token endpoint', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  let nowMs: number;
  beforeAll(async () => {
    sandbox = await Sandbox.start({
      now: () => nowMs,
      clientSecrets: ['new-secret', 'old-secret'],
    });
    client = new TestClient(sandbox);
  });
  beforeEach(() => (nowMs = Date.parse('2026-03-01T12:00:00Z')));
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  const endings = () => sandbox.grants().map(({ endedBecause }) => endedBecause);

  it('answers a code in PagerDuty’s shape, never to be stored', async () => {
    const answer = await client.redeem(await client.code());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({
      client_info: 'prefix_legacy_app',
      id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'bearer',
      access_token: expect.stringMatching(/^pdus\+_0X[\w-]+$/),
      refresh_token: expect.stringMatching(/^pdus\+_1X[\w-]+$/),
      scope: 'openid read',
      expires_in: 864_000,
    });
  });

  it('answers a refresh with both tokens new, and with no ID token', async () => {
    const first = await client.connect();
    const second = await readTokens(await client.refresh(first.refresh_token));
    expect(second.access_token).not.toBe(first.access_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second).not.toHaveProperty('id_token');
    expect(second).not.toHaveProperty('client_info');
  });

  it.each([
    ['another redirect URI', { redirect_uri: 'http://localhost:5000/' }],
    ['another verifier', { code_verifier: 'another-verifier-that-is-quite-long-enough-to-be-one' }],
    ['a made-up code', { code: 'made-up' }],
  ])('refuses a code with %s', async (_what, changes) => {
    const answer = await client.redeem(await client.code(), changes);
    expect(await errorOf(answer)).toEqual(isRefused(400, 'invalid_grant'));
    expect(sandbox.grants()).toEqual([]);
  });

  it('takes a code that was shown with a wrong verifier for spent', async () => {
    const code = await client.code();
    await client.redeem(code, { code_verifier: 'x'.repeat(43) });
    expect(await errorOf(await client.redeem(code))).toEqual(isRefused(400, 'invalid_grant'));
  });

  it('takes a code for 30 s', async () => {
    const [early, late] = [await client.code(), await client.code()];
    nowMs += 29_999;
    expect((await client.redeem(early)).status).toBe(200);
    nowMs += 1;
    expect(await errorOf(await client.redeem(late))).toEqual(isRefused(400, 'invalid_grant'));
  });

  it('refuses a code used twice and ends the grant it gave', async () => {
    const code = await client.code();
    const { access_token: accessToken } = await readTokens(await client.redeem(code));
    expect(await errorOf(await client.redeem(code))).toEqual(isRefused(400, 'invalid_grant'));
    expect(endings()).toEqual(['code used twice']);
    expect((await client.api('/us/users/me', accessToken)).status).toBe(401);
  });

  it('ends the whole grant when a refresh token comes twice', async () => {
    const first = await client.connect();
    const second = await readTokens(await client.refresh(first.refresh_token));
    expect(await errorOf(await client.refresh(first.refresh_token))).toEqual(
      isRefused(400, 'invalid_grant'),
    );
    expect(endings()).toEqual(['refresh token used twice']);
    expect((await client.refresh(second.refresh_token)).status).toBe(400);
    expect((await client.api('/us/users/me', second.access_token)).status).toBe(401);
  });

  it('rotates once, however many ask at the same time', async () => {
    const { refresh_token: token } = await client.connect();
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.refresh(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('lets a refresh token idle for 210 days and no longer', async () => {
    const [early, late] = [await client.connect(), await client.connect()];
    nowMs += 210 * DAY_MS - 1;
    expect((await client.refresh(early.refresh_token)).status).toBe(200);
    nowMs += 1;
    expect(await errorOf(await client.refresh(late.refresh_token))).toEqual(
      isRefused(400, 'invalid_grant'),
    );
  });

  it('lets a grant live for three years, however often it is refreshed', async () => {
    const refreshMonthly = async (token: string, months: number): Promise<string> => {
      if (months === 0) return token;
      nowMs += 30 * DAY_MS;
      const { refresh_token: next } = await readTokens(await client.refresh(token));
      return refreshMonthly(next, months - 1);
    };
    const last = await refreshMonthly((await client.connect()).refresh_token, 36);
    nowMs += 15 * DAY_MS;
    expect((await client.refresh(last)).status).toBe(400);
  });

  it.each([
    ['a wrong secret', { client_secret: 'wrong' }],
    ['no secret', { client_secret: undefined }],
    ['another client', { client_id: 'somebody-else' }],
  ])('refuses %s as invalid_client, and leaves the code good', async (_what, changes) => {
    const code = await client.code();
    expect(await errorOf(await client.redeem(code, changes))).toEqual(
      isRefused(401, 'invalid_client'),
    );
    expect((await client.redeem(code, { client_secret: 'old-secret' })).status).toBe(200);
  });

  it('refuses HTTP Basic, even beside good credentials', async () => {
    const headers = { authorization: `Basic ${btoa('sandbox-client:new-secret')}` };
    const answer = await client.post('/oauth/token', { grant_type: 'refresh_token' }, headers);
    expect(await errorOf(answer)).toEqual(isRefused(401, 'invalid_client'));
  });

  it.each([
    ['no grant type', { grant_type: undefined }, 'invalid_request'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no verifier', { code_verifier: undefined }, 'invalid_request'],
    ['no redirect URI', { redirect_uri: undefined }, 'invalid_request'],
  ])('refuses %s', async (_what, changes, error) => {
    const answer = await client.redeem(await client.code(), changes);
    expect(await errorOf(answer)).toEqual(isRefused(400, error));
  });

  it.each([
    ['JSON', '', { 'content-type': 'application/json' }, '{}'],
    ['a field that comes twice', '', {}, new URLSearchParams('grant_type=a&grant_type=a')],
    [
      'parameters in the URL',
      '?client_secret=x',
      {},
      new URLSearchParams('grant_type=refresh_token'),
    ],
  ])('refuses %s', async (_what, query, headers, body) => {
    if (body instanceof URLSearchParams) {
      body.set('client_id', 'sandbox-client');
      body.set('client_secret', 'new-secret');
    }
    const answer = await fetch(`${sandbox.url}/oauth/token${query}`, {
      method: 'POST',
      headers,
      body,
    });
    expect(await errorOf(answer)).toEqual(isRefused(400, 'invalid_request'));
  });

  it.each([
    ['classic', 'openid read', 'openid read'],
    ['classic', 'users.read', 'openid'],
    ['classic', 'write admin', 'openid write'],
    ['scoped', 'openid users.read incidents.read', 'openid users.read incidents.read'],
    ['scoped', 'read', 'openid'],
  ] as const)('a %s app that asks for "%s" silently gets "%s"', async (appKind, asked, granted) => {
    const other = await Sandbox.start({ appKind });
    expect((await new TestClient(other).connect(undefined, asked)).scope).toBe(granted);
    await other.stop();
  });

  it('answers a spent refresh token with its successor within the time of grace', async () => {
    const lenient = await Sandbox.start({ now: () => nowMs, refreshReuseGraceMs: 1000 });
    const other = new TestClient(lenient);
    const { refresh_token: token } = await other.connect();
    const successor = await readTokens(await other.refresh(token));
    nowMs += 999;
    expect(await readTokens(await other.refresh(token))).toEqual(successor);
    nowMs += 1;
    expect((await other.refresh(token)).status).toBe(400);
    expect(lenient.grants()).toMatchObject([{ endedBecause: 'refresh token used twice' }]);
    await lenient.stop();
  });

  describe('/oauth/revoke', () => {
    it('ends the grant of a refresh token', async () => {
      const { access_token: accessToken, refresh_token: token } = await client.connect();
      expect((await client.post('/oauth/revoke', { token })).status).toBe(200);
      expect(endings()).toEqual(['revoked by the app']);
      expect((await client.api('/us/users/me', accessToken)).status).toBe(401);
    });

    it('forgets an access token and leaves the grant', async () => {
      const { access_token: token } = await client.connect();
      expect((await client.post('/oauth/revoke', { token })).status).toBe(200);
      expect((await client.api('/us/users/me', token)).status).toBe(401);
      expect(endings()).toEqual([undefined]);
    });

    it('is content with a token it does not know, not with an unknown client', async () => {
      expect((await client.post('/oauth/revoke', { token: 'unknown' })).status).toBe(200);
      const answer = await client.post('/oauth/revoke', {
        token: 'unknown',
        client_secret: 'wrong',
      });
      expect(await errorOf(answer)).toEqual(isRefused(401, 'invalid_client'));
    });
  });
});
