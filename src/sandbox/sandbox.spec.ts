import { Sandbox } from './sandbox.js';
import { TestClient } from './testing/test-client.js';

describe('Sandbox', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  beforeEach(async () => {
    sandbox = await Sandbox.start();
    client = new TestClient(sandbox);
  });
  afterEach(() => sandbox.stop());

  it('listens on 127.0.0.1, on a port that nobody has', () => {
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  });

  it('listens on no other address', async () => {
    const elsewhere = sandbox.url.replace('127.0.0.1', '127.0.0.2');
    await expect(fetch(elsewhere)).rejects.toThrow('fetch failed');
  });

  it('knows the settings that point an app at it', () => {
    expect(sandbox.settings()).toEqual({
      PD_CLIENT_ID: 'sandbox-client',
      PD_CLIENT_SECRET: expect.any(String),
      PD_IDENTITY_URL: sandbox.url,
      PD_API_URL_US: `${sandbox.url}/api/us`,
      PD_API_URL_EU: `${sandbox.url}/api/eu`,
    });
  });

  it('says in its Date header what time it takes it to be', async () => {
    await using past = await Sandbox.start({ now: () => 0 });
    const { headers } = await fetch(past.url);
    expect(headers.get('date')).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
  });

  it('counts what was asked of it, and keeps the forms of token requests', async () => {
    const { access_token: accessToken, refresh_token: token } = await client.connect();
    await client.api('/us/users/me?include[]=teams', accessToken);
    await client.api('/us/users/me', 'unknown');
    await client.refresh(token);
    expect(sandbox.requests.count('GET /api/us/users/me')).toBe(2);
    expect(sandbox.requests.count('GET /api/eu/users/me')).toBe(0);
    expect(sandbox.requests.count('POST /oauth/token')).toBe(2);
    expect(sandbox.requests.tokenRequests('refresh_token')).toEqual([
      {
        method: 'POST',
        route: '/oauth/token',
        status: 200,
        form: expect.objectContaining({ refresh_token: token, client_id: 'sandbox-client' }),
      },
    ]);
    expect(sandbox.requests.all.at(-2)).toMatchObject({ route: '/api/us/users/me', status: 401 });
  });

  it('knows the status of an answer that got lost', async () => {
    sandbox.days.set('jwks', { kind: 'lost' });
    await expect(fetch(`${sandbox.url}/global/oauth/anonymous/jwks`)).rejects.toThrow(
      'fetch failed',
    );
    expect(sandbox.requests.all).toMatchObject([{ status: 200 }]);
  });

  it('tells of grants as they are', async () => {
    await client.connect('PADA2LQ');
    expect(sandbox.grants()).toMatchObject([
      { person: { name: 'Ada Lindqvist' }, scope: ['openid', 'read'], endedBecause: undefined },
    ]);
  });

  it('forgets at reset', async () => {
    const { access_token: accessToken } = await client.connect();
    const code = await client.code();
    sandbox.days.set('api', { kind: 'hang' });
    sandbox.tamperIdToken = () => 'no token';
    sandbox.authorizationIssuer = 'https://issuer.example';
    sandbox.reset();
    expect(sandbox.grants()).toEqual([]);
    expect(sandbox.requests.all).toEqual([]);
    expect(sandbox.requests.count('POST /oauth/token')).toBe(0);
    expect((await client.api('/us/users/me', accessToken)).status).toBe(401);
    expect((await client.redeem(code)).status).toBe(400);
    expect((await client.connect()).id_token).not.toBe('no token');
    expect(sandbox.authorizationIssuer).toBeUndefined();
  });
});
