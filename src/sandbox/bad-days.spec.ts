import type { BadDay } from './bad-days.js';
import type { NonsenseBody } from './nonsense.js';
import { Sandbox } from './sandbox.js';
import { readTokens, TestClient, type TokenAnswer } from './testing/test-client.js';

const JWKS = '/global/oauth/anonymous/jwks';

async function until(isSo: () => boolean): Promise<void> {
  if (isSo()) return;
  await new Promise(setImmediate);
  await until(isSo);
}

describe('bad days', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  let tokens: TokenAnswer;
  beforeAll(async () => {
    sandbox = await Sandbox.start();
    client = new TestClient(sandbox);
  });
  beforeEach(async () => {
    sandbox.reset();
    tokens = await client.connect();
  });
  afterAll(() => sandbox.stop());

  const refreshOn = (day: BadDay) => {
    sandbox.days.set('token', day);
    return client.refresh(tokens.refresh_token);
  };
  const statusOf = async (path: string) => (await client.api(path, tokens.access_token)).status;
  const refreshes = () => sandbox.grants()[0]?.refreshes;

  it.each<[BadDay, number, string, string | null]>([
    [{ kind: 'status', status: 503 }, 503, 'bad day', null],
    [{ kind: 'status', status: 503, retryAfterS: 2 }, 503, 'bad day', '2'],
    [{ kind: 'rate-limited' }, 429, '2020', null],
    [{ kind: 'rate-limited', bare: true }, 429, '', null],
    [{ kind: 'redirect' }, 307, '', null],
    [{ kind: 'invalid-client' }, 401, 'invalid_client', null],
    [
      { kind: 'answer', status: 418, body: 'teapot', headers: { 'retry-after': '7' } },
      418,
      'teapot',
      '7',
    ],
  ])('%j stands in the work’s place', async (day, status, text, retryAfter) => {
    const answer = await refreshOn(day);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(text);
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(refreshes()).toBe(0);
  });

  it('says in a 429’s headers when it will be over, or says nothing at all', async () => {
    const { headers } = await refreshOn({ kind: 'rate-limited', resetS: 3 });
    expect(headers.get('ratelimit-reset')).toBe('3');
    const bare = await refreshOn({ kind: 'rate-limited', bare: true });
    expect([...bare.headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
    expect(await bare.text()).toBe('');
  });

  it('answers slowly', async () => {
    const startedMs = performance.now();
    expect((await refreshOn({ kind: 'slow', ms: 60 })).status).toBe(200);
    expect(performance.now() - startedMs).toBeGreaterThan(50);
  });

  it('loses the answer after the work is done', async () => {
    await expect(refreshOn({ kind: 'lost' })).rejects.toThrow('fetch failed');
    expect(refreshes()).toBe(1);
  });

  it('cuts the answer after some bytes', async () => {
    const answer = await refreshOn({ kind: 'lost', afterBytes: 10 });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(refreshes()).toBe(1);
  });

  it.each<[NonsenseBody, RegExp]>([
    ['html', /^<!doctype html>/],
    ['array', /^\[\{"token_type".*\}\]$/],
    ['truncated', /^\{"token_type".*[^}]$/],
    ['mistyped', /"access_token":7.*"expires_in":"seven"/],
    ['empty', /^$/],
    ['huge', /x{1000}"\}$/],
  ])('answers %s nonsense', async (body, expected) => {
    const answer = await refreshOn({ kind: 'nonsense', body });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(expected);
  });

  it('mistypes what lies deep in a profile', async () => {
    sandbox.days.set('users_me', { kind: 'nonsense', body: 'mistyped' });
    const answer = await client.api('/us/users/me', tokens.access_token);
    expect(await answer.json()).toMatchObject({
      user: { id: 7, invitation_sent: 'seven', teams: 'seven' },
    });
  });

  it('lets a test change the honest answer', async () => {
    const answer = await refreshOn({
      kind: 'tamper',
      json: (body) => ({ ...body, scope: 'openid' }),
    });
    expect(await readTokens(answer)).toMatchObject({ scope: 'openid', expires_in: 864_000 });
  });

  it('lasts as many requests as it is told to, then the next one begins', async () => {
    const busy = { kind: 'rate-limited', bare: true, times: 1 } as const;
    sandbox.days.set('jwks', { kind: 'status', status: 503, times: 2 }, busy);
    const visit = async () => (await fetch(`${sandbox.url}${JWKS}`)).status;
    expect([await visit(), await visit(), await visit(), await visit()]).toEqual([
      503, 503, 429, 200,
    ]);
  });

  it('lasts until it is cleared', async () => {
    sandbox.days.set('api', { kind: 'status', status: 500 });
    expect([await statusOf('/us/teams'), await statusOf('/us/teams')]).toEqual([500, 500]);
    sandbox.days.clear('api');
    expect(await statusOf('/us/teams')).toBe(200);
  });

  it('strikes one resource, or with api all of the REST API', async () => {
    sandbox.days.set('oncalls', { kind: 'status', status: 500 });
    expect([await statusOf('/us/oncalls'), await statusOf('/us/teams')]).toEqual([500, 200]);
    sandbox.days.set('api', { kind: 'status', status: 503 });
    expect([await statusOf('/us/oncalls'), await statusOf('/us/teams')]).toEqual([500, 503]);
  });
});

describe('stop', () => {
  it.each<[string, BadDay]>([
    ['never answered', { kind: 'hang' }],
    ['stalled half-way', { kind: 'stall', afterBytes: 5 }],
    ['still waiting', { kind: 'slow', ms: 60_000 }],
  ])('closes a connection that was %s', async (_what, day) => {
    await using sandbox = await Sandbox.start();
    sandbox.days.set('jwks', day);
    const answer = fetch(`${sandbox.url}${JWKS}`).then((head) => head.text());
    const hasArrived = () => sandbox.requests.count(`GET ${JWKS}`) > 0;
    await Promise.all([
      expect(answer).rejects.toThrow(/fetch failed|terminated/),
      until(hasArrived).then(() => sandbox.stop()),
    ]);
  });
});
