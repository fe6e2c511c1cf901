import { Sandbox } from './sandbox.js';
import { TestClient } from './testing/test-client.js';

describe('the REST API', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  let robin: string;
  let nowMs: number;
  beforeAll(async () => {
    sandbox = await Sandbox.start({ now: () => nowMs });
    client = new TestClient(sandbox);
  });
  beforeEach(async () => {
    nowMs = Date.parse('2026-03-01T12:00:00Z');
    sandbox.reset();
    robin = (await client.connect('PRB1N0K')).access_token;
  });
  afterAll(() => sandbox.stop());

  const bodyOf = async (path: string, token = robin) => (await client.api(path, token)).json();

  it('tells who the token’s person is, calendar feeds and all', async () => {
    expect(await bodyOf('/us/users/me')).toMatchObject({
      user: {
        id: 'PRB1N0K',
        type: 'user',
        name: 'Robin Okafor',
        time_zone: 'America/New_York',
        avatar_url: `${sandbox.url}/avatars/PRB1N0K.svg`,
        html_url: 'https://lighthouse-coffee.pagerduty.com/users/PRB1N0K',
        self: `${sandbox.url}/api/us/users/PRB1N0K`,
        http_cal_url: expect.stringMatching(/^https:.*calendar-key/),
        web_cal_url: expect.stringMatching(/^webcal:.*calendar-key/),
        teams: [{ summary: 'Checkout', type: 'team_reference' }, { summary: 'Platform' }],
      },
    });
  });

  it('serves pictures that a page of another origin may show', async () => {
    const { headers } = await fetch(`${sandbox.url}/avatars/PRB1N0K.svg`);
    expect(headers.get('content-type')).toBe('image/svg+xml');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  it('has people with null wherever PagerDuty may say null', async () => {
    const { access_token: kim } = await client.connect('PK1M5NL');
    const user = {
      time_zone: null,
      job_title: null,
      avatar_url: null,
      description: null,
      teams: [],
    };
    expect(await bodyOf('/us/users/me', kim)).toMatchObject({ user });
  });

  it.each([
    ['an unknown token', '/us/users/me', () => 'unknown'],
    ['a token of the other region', '/eu/users/me', () => robin],
  ])('refuses %s with 401 and code 2006', async (_what, path, token) => {
    const answer = await client.api(path, token());
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 2006 } });
  });

  it('knows EU people in the EU only', async () => {
    const { access_token: matteo } = await client.connect('PMTT3BR');
    expect(matteo).toMatch(/^pdeu\+_/);
    expect((await client.api('/us/users/me', matteo)).status).toBe(401);
    const user = { html_url: 'https://alpenpost.eu.pagerduty.com/users/PMTT3BR' };
    expect(await bodyOf('/eu/users/me', matteo)).toMatchObject({ user });
  });

  it('refuses an access token once its life is over', async () => {
    nowMs += 864_000_000 - 1;
    expect((await client.api('/us/users/me', robin)).status).toBe(200);
    nowMs += 1;
    expect((await client.api('/us/users/me', robin)).status).toBe(401);
  });

  it('refuses tokens of a grant that the person ended', async () => {
    sandbox.revokeGrant(sandbox.grants()[0]?.id ?? '');
    expect(sandbox.grants()).toMatchObject([{ endedBecause: 'ended by the person' }]);
    expect((await client.api('/us/users/me', robin)).status).toBe(401);
  });

  it('names the missing scope in its 403', async () => {
    const { access_token: token } = await client.connect('PRB1N0K', 'openid users.read');
    const answer = await client.api('/us/users/me', token);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      error: {
        message: 'Token missing required scopes',
        required_scopes: 'users.read',
        token_scopes: 'openid',
      },
    });
  });

  it('opens to a Scoped app only what its scopes name', async () => {
    await using scoped = await Sandbox.start({ appKind: 'scoped' });
    const other = new TestClient(scoped);
    const { access_token: token } = await other.connect('PRB1N0K', 'users.read');
    expect((await other.api('/us/users/me', token)).status).toBe(200);
    expect((await other.api('/us/oncalls', token)).status).toBe(403);
  });

  it('allows 960 requests a minute for each person, and says how many are left', async () => {
    const { access_token: ada } = await client.connect('PADA2LQ');
    const { headers } = await client.api('/us/teams', robin);
    expect(headers.get('ratelimit-limit')).toBe('960');
    expect(headers.get('ratelimit-remaining')).toBe('959');
    expect(headers.get('ratelimit-reset')).toBe('60');
    await Promise.all(Array.from({ length: 959 }, () => client.api('/us/teams', robin)));
    const refused = await client.api('/us/teams', robin);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    expect(await refused.json()).toMatchObject({ error: { code: 2020 } });
    expect((await client.api('/us/teams', ada)).status).toBe(200);
    nowMs += 60_000;
    expect((await client.api('/us/teams', robin)).status).toBe(200);
  });

  it('tells the teams of the person’s account', async () => {
    const teams = [{ name: 'Checkout' }, { name: 'Platform' }];
    expect(await bodyOf('/us/teams')).toMatchObject({ teams });
  });
});
