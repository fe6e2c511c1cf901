import { createSecretKey, randomBytes } from 'node:crypto';
import { Clock } from '../common/clock.js';
import { Secret } from '../common/secret.js';
import type { Connection } from '../connections/connection.js';
import { ConnectionVault } from '../connections/connection-vault.js';
import { KeyRing } from '../connections/key-ring.js';
import { TokenCipher } from '../connections/token-cipher.js';
import type { Database } from '../database/database.js';
import { ProcessClock } from '../database/database-clock.js';
import { freshDatabase } from '../database/testing/fresh-database.js';
import { Sessions } from './sessions.js';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

class TestClock extends Clock {
  nowMs = NOW;
  now(): number {
    return this.nowMs;
  }
}

describe('Sessions', () => {
  const clock = new TestClock();
  let database: Database;
  let vault: ConnectionVault;
  let sessions: Sessions;
  let connection: Connection;

  beforeEach(async () => {
    clock.nowMs = NOW;
    database = await freshDatabase();
    const encryptionKeys = [{ id: 'k1', key: createSecretKey(randomBytes(32)) }];
    vault = new ConnectionVault(
      database,
      new TokenCipher(new KeyRing({ encryptionKeys })),
      new ProcessClock(clock),
    );
    sessions = new Sessions(database, clock);
    connection = await connect('PUSER01');
  });
  afterEach(() => database.destroy());

  const connect = (userId: string) =>
    vault.store({
      owner: '',
      identity: { accountId: 'PACCT01', userId, subdomain: 'acme', region: 'us' },
      profile: {
        id: userId,
        name: 'Ada',
        email: 'ada@example.com',
        role: undefined,
        jobTitle: undefined,
        timeZone: undefined,
        avatarUrl: undefined,
        htmlUrl: undefined,
        teams: [],
      },
      tokenSet: {
        accessToken: new Secret('pdus+_access'),
        refreshToken: undefined,
        idToken: undefined,
        scope: undefined,
        expiresInS: 864_000,
      },
      scope: ['openid', 'read'],
    });
  const start = async (flowHash?: string) => {
    const { token } = await sessions.start({
      connectionId: connection.id,
      flow: flowHash === undefined ? undefined : { hash: flowHash, returnPath: '/welcome' },
    });
    return token;
  };
  const rows = () => database.selectFrom('sessions').selectAll().execute();

  it('finds the connection of a signed-in browser', async () => {
    const { token, session } = await sessions.start({
      connectionId: connection.id,
      flow: { hash: 'flow-1', returnPath: '/reports' },
    });
    expect(session).toEqual({
      connectionId: connection.id,
      flowHash: 'flow-1',
      startedAtMs: NOW,
      lastSeenAtMs: NOW,
      expiresAtMs: NOW + 12 * HOUR_MS,
    });
    expect(await sessions.find(token)).toEqual({ session, connection });
  });

  it('gives each browser a token of 256 bits of its own, and stores only hashes', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => start()));
    const texts = tokens.map((token) => token.reveal());
    expect(new Set(texts).size).toBe(20);
    expect(texts.every((text) => Buffer.from(text, 'base64url').length === 32)).toBe(true);

    const stored = JSON.stringify(await rows());
    expect(texts.filter((text) => stored.includes(text))).toEqual([]);
  });

  it('knows no other token', async () => {
    await start();
    expect(await sessions.find(new Secret('A'.repeat(43)))).toBeUndefined();
  });

  it('ends after 12 hours without use, and leaves no row', async () => {
    const token = await start();
    clock.nowMs += 12 * HOUR_MS - 1;
    expect(await sessions.find(token)).toBeDefined();
    clock.nowMs += 12 * HOUR_MS;
    expect(await sessions.find(token)).toBeUndefined();
    expect(await rows()).toEqual([]);
  });

  it('ends after 7 days, however much it is used', async () => {
    const token = await start();
    const endMs = NOW + 7 * 24 * HOUR_MS;
    const useUntilTheEnd = async (): Promise<void> => {
      clock.nowMs = Math.min(clock.nowMs + 6 * HOUR_MS, endMs - 1);
      expect(await sessions.find(token)).toBeDefined();
      if (clock.nowMs < endMs - 1) await useUntilTheEnd();
    };
    await useUntilTheEnd();
    expect(await sessions.find(token)).toMatchObject({ session: { expiresAtMs: endMs } });
    clock.nowMs = endMs;
    expect(await sessions.find(token)).toBeUndefined();
  });

  it('writes down when it was seen once in five minutes', async () => {
    const token = await start();
    const lastSeen = async () => {
      const signedIn = await sessions.find(token);
      const [row] = await rows();
      expect(signedIn?.session.lastSeenAtMs).toBe(row?.last_seen_at_ms);
      return row?.last_seen_at_ms;
    };

    clock.nowMs = NOW + 5 * MINUTE_MS - 1;
    expect(await lastSeen()).toBe(NOW);
    clock.nowMs = NOW + 5 * MINUTE_MS;
    expect(await lastSeen()).toBe(NOW + 5 * MINUTE_MS);
    clock.nowMs = NOW + 6 * MINUTE_MS;
    expect(await lastSeen()).toBe(NOW + 5 * MINUTE_MS);
  });

  it('is dead on the server once it is signed out, and no other is', async () => {
    const [one, other] = [await start(), await start()];
    await sessions.end(one);
    expect(await sessions.find(one)).toBeUndefined();
    expect(await sessions.find(other)).toBeDefined();
  });

  it("ends the browser's earlier session at the next sign-in", async () => {
    const before = await start();
    const other = await connect('PUSER02');
    const { token } = await sessions.start({ connectionId: other.id, replaces: before });

    expect(await sessions.find(before)).toBeUndefined();
    expect(await sessions.find(token)).toMatchObject({ connection: { userId: 'PUSER02' } });
  });

  it('keeps the earlier session where the next one cannot begin', async () => {
    const before = await start();
    const failing = sessions.start({ connectionId: 'con_none', replaces: before });
    await expect(failing).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await sessions.find(before)).toBeDefined();
  });

  it('is found by the flow that began it, while it lives', async () => {
    const token = await start('flow-1');
    await start();
    expect(await sessions.findByFlow('flow-1')).toEqual(await sessions.find(token));
    expect(await sessions.findByFlow('flow-2')).toBeUndefined();
    clock.nowMs += 12 * HOUR_MS;
    expect(await sessions.findByFlow('flow-1')).toBeUndefined();
  });

  it('may begin twice where a callback arrives twice, and ends for both', async () => {
    const [one, other] = [await start('flow-1'), await start('flow-1')];
    const stranger = await start('flow-2');
    await sessions.end(one);
    expect(await sessions.find(other)).toBeUndefined();
    expect(await sessions.find(stranger)).toBeDefined();
  });

  it('ends with its connection', async () => {
    const token = await start();
    await vault.forget(connection.id);
    expect(await sessions.find(token)).toBeUndefined();
    expect(await rows()).toEqual([]);
  });

  it('goes on when its person connects again', async () => {
    const token = await start();
    await connect('PUSER01');
    expect(await sessions.find(token)).toMatchObject({ connection: { version: 2 } });
  });

  it.each([
    ['a sign-in', () => start()],
    ['a start of the program', () => sessions.onApplicationBootstrap()],
  ])('clears expired sessions away at %s', async (_when, occasion) => {
    await start('flow-old');
    clock.nowMs += HOUR_MS;
    await start('flow-live');
    clock.nowMs += 11 * HOUR_MS;
    await occasion();

    const flows = (await rows()).map((row) => row.flow_hash);
    expect(flows).toContain('flow-live');
    expect(flows).not.toContain('flow-old');
  });
});
