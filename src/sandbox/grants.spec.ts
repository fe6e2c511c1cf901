import { Sandbox } from './sandbox.js';
import { readTokens, TestClient } from './testing/test-client.js';

const DAY_MS = 86_400_000;

const errorOf = async (answer: Response) => [answer.status, await answer.json()];
const isRefused = (status: number, error: string) => [status, expect.objectContaining({ error })];

describe('a grant', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  let nowMs: number;
  beforeAll(async () => {
    sandbox = await Sandbox.start({
      now: () => nowMs,
    });
    client = new TestClient(sandbox);
  });
  beforeEach(() => (nowMs = Date.parse('2026-03-01T12:00:00Z')));
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  const endings = () => sandbox.grants().map(({ endedBecause }) => endedBecause);

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

  it('answers a spent refresh token with its successor within the time of grace', async () => {
    await using lenient = await Sandbox.start({ now: () => nowMs, refreshReuseGraceMs: 1000 });
    const other = new TestClient(lenient);
    const { refresh_token: token } = await other.connect();
    const successor = await readTokens(await other.refresh(token));
    nowMs += 999;
    expect(await readTokens(await other.refresh(token))).toEqual(successor);
    nowMs += 1;
    expect((await other.refresh(token)).status).toBe(400);
    expect(lenient.grants()).toMatchObject([{ endedBecause: 'refresh token used twice' }]);
  });
});
