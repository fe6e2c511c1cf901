import { Sandbox } from './sandbox.js';
import { readTokens, TestClient } from './testing/test-client.js';

const CREDENTIALS = 'client_id=sandbox-client&client_secret=new-secret';

const errorOf = async (answer: Response) => [answer.status, await answer.json()];
const isRefused = (status: number, error: string) => [status, expect.objectContaining({ error })];

describe('the token endpoint', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  beforeAll(async () => {
    sandbox = await Sandbox.start({
      clientSecrets: ['new-secret', 'old-secret'],
    });
    client = new TestClient(sandbox);
  });
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
    ['JSON', { headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['no body', {}],
    [
      'a field that comes twice',
      { body: new URLSearchParams(`${CREDENTIALS}&grant_type=a&grant_type=a`) },
    ],
  ])('refuses %s', async (_what, request) => {
    const answer = await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', ...request });
    expect(await errorOf(answer)).toEqual(isRefused(400, 'invalid_request'));
  });

  it('refuses parameters in the URL, and leaves the refresh token good', async () => {
    const { refresh_token } = await client.connect();
    const form = { grant_type: 'refresh_token', refresh_token };
    const answer = await client.post('/oauth/token?grant_type=refresh_token', form);
    expect(await errorOf(answer)).toEqual(isRefused(400, 'invalid_request'));
    expect((await client.post('/oauth/token', form)).status).toBe(200);
  });

  it.each([
    ['classic', 'openid read', 'openid read'],
    ['classic', 'users.read', 'openid'],
    ['classic', 'write admin', 'openid write'],
    ['scoped', 'openid users.read incidents.read', 'openid users.read incidents.read'],
    ['scoped', 'read', 'openid'],
  ] as const)('a %s app that asks for "%s" silently gets "%s"', async (appKind, asked, granted) => {
    await using other = await Sandbox.start({ appKind });
    expect((await new TestClient(other).connect(undefined, asked)).scope).toBe(granted);
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
