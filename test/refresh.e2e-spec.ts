import { Secret } from '../src/common/secret.js';
import { AccessTokens } from '../src/connections/access-tokens.js';
import { ConnectionVault } from '../src/connections/connection-vault.js';
import { KeepAlive } from '../src/connections/keep-alive.js';
import { Database } from '../src/database/database.js';
import { startAppWithSandbox, type RunningAppWithSandbox } from './support/app.js';
import { signIn } from './support/sign-in.js';
import { UserAgent } from './support/user-agent.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

describe('A fresh token', () => {
  let running: RunningAppWithSandbox;
  let tokens: AccessTokens;
  let browser: UserAgent;
  let id: string;

  beforeAll(async () => {
    running = await startAppWithSandbox();
    tokens = running.app.get(AccessTokens);
  });
  beforeEach(async () => {
    running.sandbox.reset();
    await running.app.get(Database).deleteFrom('connections').execute();
    browser = new UserAgent(running.url);
    await signIn(running, browser);
    id = (await row()).id;
  });
  afterAll(() => running.stop());

  const row = () =>
    running.app.get(Database).selectFrom('connections').selectAll().executeTakeFirstOrThrow();
  const refreshes = () => running.sandbox.requests.tokenRequests('refresh_token').length;
  const expire = () => running.clock.advance(11 * DAY_MS);
  const grantEnd = () => running.sandbox.grants().at(-1)?.endedBecause;
  const failureOf = async (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('is the stored one while it lives', async () => {
    const [first, second] = await Promise.all([tokens.fresh(id), tokens.fresh(id)]);
    expect(first.accessToken.reveal()).toBe(second.accessToken.reveal());
    expect(refreshes()).toBe(0);
  });

  it('comes from one refresh, however many ask', async () => {
    expire();
    const given = await Promise.all(Array.from({ length: 250 }, () => tokens.fresh(id)));
    expect(new Set(given.map(({ accessToken }) => accessToken.reveal())).size).toBe(1);
    expect(refreshes()).toBe(1);
    expect(grantEnd()).toBeUndefined();
  });

  it('is renewed five minutes before its end', async () => {
    running.clock.advance(10 * DAY_MS - 6 * MINUTE_MS);
    await tokens.fresh(id);
    expect(refreshes()).toBe(0);
    running.clock.advance(2 * MINUTE_MS);
    await tokens.fresh(id);
    expect(refreshes()).toBe(1);
  });

  it('lives as long as the caller asks', async () => {
    running.clock.advance(9 * DAY_MS);
    const { expiresAtMs } = await tokens.fresh(id, { minValidMs: 2 * DAY_MS });
    expect(expiresAtMs - running.clock.now()).toBeGreaterThan(2 * DAY_MS);
    expect(refreshes()).toBe(1);
  });

  it('replaces a rejected one once, and only the current one', async () => {
    const { accessToken: rejected } = await tokens.fresh(id);
    const asked = Array.from({ length: 20 }, () => tokens.fresh(id, { rejected }));
    const [renewed] = await Promise.all(asked);
    expect(renewed?.accessToken.reveal()).not.toBe(rejected.reveal());
    await tokens.fresh(id, { rejected: new Secret('pdus+_never-ours') });
    expect(refreshes()).toBe(1);
  });

  it('moves all dates but the end of the grant', async () => {
    const before = await row();
    expire();
    await tokens.fresh(id);
    const after = await row();
    expect(after.grant_ends_at_ms).toBe(before.grant_ends_at_ms);
    expect(after.refresh_deadline_ms - before.refresh_deadline_ms).toBeGreaterThan(10 * DAY_MS);
    expect(after).toMatchObject({
      version: before.version + 1,
      lease_owner: null,
      refresh_started_at_ms: null,
    });
  });

  describe('while PagerDuty is in trouble', () => {
    it.each([
      ['500', { kind: 'status', status: 500 }],
      ['HTML', { kind: 'nonsense', body: 'html' }],
      ['429 without a word', { kind: 'rate-limited', bare: true }],
      ['503 with Retry-After', { kind: 'status', status: 503, retryAfterS: 2 }],
      ['invalid_client', { kind: 'invalid-client' }],
    ] as const)('is the living one (%s)', async (_name, day) => {
      running.clock.advance(10 * DAY_MS - 2 * MINUTE_MS);
      running.sandbox.days.set('token', day);
      expect((await tokens.fresh(id)).accessToken.reveal()).toMatch(/^pdus\+_/);
      expect(await row()).toMatchObject({ status: 'active', lease_owner: null });
    });

    it('is asked for again only after a pause, which grows', async () => {
      expire();
      running.sandbox.days.set('token', { kind: 'status', status: 503, retryAfterS: 1 });
      for (let caller = 0; caller < 5; caller += 1) await failureOf(tokens.fresh(id));
      expect(refreshes()).toBe(1);
      running.clock.advance(2_000);
      for (let caller = 0; caller < 5; caller += 1) await failureOf(tokens.fresh(id));
      expect(refreshes()).toBe(2);
      running.clock.advance(1_500);
      await failureOf(tokens.fresh(id));
      expect(refreshes()).toBe(2);
      running.sandbox.days.clear();
      running.clock.advance(5_000);
      expect((await tokens.fresh(id)).accessToken.reveal()).toMatch(/^pdus\+_/);
    });

    it('probes once in five seconds while this app is refused, and touches no connection', async () => {
      expire();
      running.sandbox.days.set('token', { kind: 'invalid-client' });
      for (let caller = 0; caller < 5; caller += 1) {
        expect(await failureOf(tokens.fresh(id))).toMatchObject({ code: 'client_rejected' });
      }
      expect(refreshes()).toBe(1);
      const ready = await fetch(`${running.url}/health/ready`);
      expect([ready.status, await row()]).toMatchObject([503, { status: 'active' }]);
      running.sandbox.days.clear();
      running.clock.advance(5_000);
      await tokens.fresh(id);
      expect((await fetch(`${running.url}/health/ready`)).status).toBe(200);
    });
  });

  describe('that cannot be had any more', () => {
    const reasonOf = async () => {
      const error = await failureOf(tokens.fresh(id));
      expect(error).toMatchObject({ code: 'reconnect_required' });
      return (await row()).status_reason;
    };

    it('is said to have ended at PagerDuty, where the person ended it', async () => {
      running.sandbox.revokeGrant(running.sandbox.grants().at(-1)?.id ?? '');
      expire();
      expect(await reasonOf()).toBe('ended_at_pagerduty');
      await failureOf(tokens.fresh(id));
      expect(refreshes()).toBe(1);
    });

    it.each([0, 1, 40, 120])(
      'is said to be lost with its answer, cut after %d bytes',
      async (afterBytes) => {
        expire();
        running.sandbox.days.set('token', { kind: 'lost', afterBytes, times: 1 });
        expect(await failureOf(tokens.fresh(id))).toMatchObject({ code: 'pagerduty_unavailable' });
        running.clock.advance(10_000);
        expect(await reasonOf()).toBe('answer_lost');
      },
    );

    it.each(['sealed_access_token', 'sealed_refresh_token'] as const)(
      'is said to be unreadable, where %s was altered',
      async (column) => {
        const sealed = (await row())[column] ?? '';
        const altered = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BA' : 'AA'}`;
        await running.app
          .get(Database)
          .updateTable('connections')
          .set({ [column]: altered })
          .execute();
        expire();
        expect(await reasonOf()).toBe('unreadable');
        expect(refreshes()).toBe(0);
      },
    );

    it('is healed by connecting again, in the same row', async () => {
      running.sandbox.revokeGrant(running.sandbox.grants().at(-1)?.id ?? '');
      expire();
      expect(await reasonOf()).toBe('ended_at_pagerduty');
      await signIn(running, browser);
      expect(await row()).toMatchObject({ id, status: 'active', status_reason: null });
      expect((await tokens.fresh(id)).accessToken.reveal()).toMatch(/^pdus\+_/);
    });
  });

  it('does not come back to life where the connection is forgotten meanwhile', async () => {
    expire();
    running.sandbox.days.set('token', { kind: 'slow', ms: 150, times: 1 });
    const asked = failureOf(tokens.fresh(id));
    while (refreshes() === 0) await new Promise(setImmediate);
    await running.app.get(ConnectionVault).forget(id);
    expect(await asked).toMatchObject({ code: 'not_found' });
    expect(grantEnd()).toBe('revoked by the app');
  });

  it('is kept alive long before the connection would end, once', async () => {
    running.clock.advance(60 * DAY_MS);
    const keepAlive = running.app.get(KeepAlive);
    expect(await keepAlive.run()).toEqual({ kept: 0, failed: 0 });
    running.clock.advance(46 * DAY_MS);
    expect(await keepAlive.run()).toEqual({ kept: 1, failed: 0 });
    expect(await keepAlive.run()).toEqual({ kept: 0, failed: 0 });
    expect(refreshes()).toBe(1);
  });
});
