import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../common/clock.js';
import { Secret } from '../common/secret.js';
import { openDatabase, type Database } from '../database/database.js';
import { ProcessClock } from '../database/database-clock.js';
import { migrate } from '../database/migrate.js';
import { freshDatabase } from '../database/testing/fresh-database.js';
import type { Profile } from '../pagerduty/rest/profile.js';
import type { NewGrant } from './connection.js';
import { ConnectionVault } from './connection-vault.js';
import { KeyRing } from './key-ring.js';
import { TokenCipher } from './token-cipher.js';

const NOW = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

class TestClock extends Clock {
  nowMs = NOW;
  now(): number {
    return this.nowMs;
  }
}

const profile: Profile = {
  id: 'PUSER01',
  name: 'Ada <b>Lovelace</b> 🚒',
  email: 'ada@example.com',
  role: 'limited_user',
  jobTitle: undefined,
  timeZone: 'Europe/London',
  avatarUrl: undefined,
  htmlUrl: 'https://acme.pagerduty.com/users/PUSER01',
  teams: [{ id: 'PTEAM01', name: 'Engines', htmlUrl: undefined }],
};

const tokenSet = (accessToken: string, refreshToken?: string): NewGrant['tokenSet'] => ({
  accessToken: new Secret(accessToken),
  refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
  idToken: undefined,
  scope: undefined,
  expiresInS: 864_000,
});

const grant = (changes: Partial<NewGrant> = {}): NewGrant => ({
  owner: '',
  identity: { accountId: 'PACCT01', userId: 'PUSER01', subdomain: 'acme', region: 'eu' },
  profile,
  tokenSet: tokenSet('pdus+_access', 'pdus+_refresh'),
  scope: ['openid', 'read'],
  ...changes,
});

const newKeyRing = () =>
  new KeyRing({ encryptionKeys: [{ id: 'k1', key: createSecretKey(randomBytes(32)) }] });

const bytesIn = (folder: string) =>
  Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));

describe('ConnectionVault', () => {
  const clock = new TestClock();
  const vaultOn = (rows: Database) =>
    new ConnectionVault(rows, new TokenCipher(newKeyRing()), new ProcessClock(clock));
  let database: Database;
  let vault: ConnectionVault;

  beforeEach(async () => {
    clock.nowMs = NOW;
    database = await freshDatabase();
    vault = vaultOn(database);
  });
  afterEach(() => database.destroy());

  const tokensOf = async (id: string) => {
    const tokens = await vault.openTokens(id);
    return [tokens?.accessToken.reveal(), tokens?.refreshToken?.reveal()];
  };
  const countRows = async () =>
    (await database.selectFrom('connections').select('id').execute()).length;

  it('keeps a grant as an active connection', async () => {
    const connection = await vault.store(grant());

    expect(connection).toEqual({
      id: expect.stringMatching(/^con_[\w-]{22}$/),
      owner: '',
      status: 'active',
      statusReason: undefined,
      accountId: 'PACCT01',
      userId: 'PUSER01',
      subdomain: 'acme',
      region: 'eu',
      profile,
      scope: ['openid', 'read'],
      accessTokenExpiresAtMs: NOW + 10 * DAY_MS,
      refreshDeadlineMs: NOW + 210 * DAY_MS,
      grantEndsAtMs: NOW + 1095 * DAY_MS,
      tokensIssuedAtMs: NOW,
      createdAtMs: NOW,
      updatedAtMs: NOW,
      version: 1,
    });
    expect(await vault.find(connection.id)).toEqual(connection);
  });

  it('gives the tokens back', async () => {
    const { id } = await vault.store(grant());
    expect(await tokensOf(id)).toEqual(['pdus+_access', 'pdus+_refresh']);
  });

  it('replaces all but the id where a person connects again', async () => {
    const first = await vault.store(grant());
    await database
      .updateTable('connections')
      .set({ status: 'reconnect_required', status_reason: 'ended at PagerDuty' })
      .execute();
    clock.nowMs += DAY_MS;

    const again = await vault.store(
      grant({
        identity: { accountId: 'PACCT01', userId: 'PUSER01', subdomain: 'renamed', region: 'us' },
        profile: { ...profile, name: 'Ada King' },
        tokenSet: tokenSet('pdus+_newer'),
        scope: ['openid', 'users.read'],
      }),
    );

    expect(again).toMatchObject({
      id: first.id,
      status: 'active',
      statusReason: undefined,
      subdomain: 'renamed',
      region: 'us',
      profile: { name: 'Ada King' },
      scope: ['openid', 'users.read'],
      refreshDeadlineMs: NOW + 31 * DAY_MS,
      createdAtMs: NOW,
      updatedAtMs: NOW + DAY_MS,
      version: 2,
    });
    expect(await vault.find(first.id)).toEqual(again);
    expect(await tokensOf(first.id)).toEqual(['pdus+_newer', undefined]);
  });

  it.each([
    ['owner', { owner: 'user-7' }],
    ['account', { identity: { ...grant().identity, accountId: 'PACCT02' } }],
    ['user', { identity: { ...grant().identity, userId: 'PUSER02' } }],
  ])('keeps another %s as another connection', async (_what, changes) => {
    const [one, other] = [await vault.store(grant()), await vault.store(grant(changes))];
    expect(other.id).not.toBe(one.id);
    expect(await countRows()).toBe(2);
  });

  it('makes one connection of many grants that arrive together, with the tokens of one of them', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `pdus+_${n}`);
    const stored = await Promise.all(
      names.map((name) => vault.store(grant({ tokenSet: tokenSet(name, `${name}-refresh`) }))),
    );

    expect(new Set(stored.map(({ id }) => id)).size).toBe(1);
    expect(stored.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
      names.map((_, n) => n + 1),
    );
    const [access, refresh] = await tokensOf(stored[0]?.id ?? '');
    expect(names).toContain(access);
    expect(refresh).toBe(`${access}-refresh`);
  });

  it('knows nothing of other ids', async () => {
    expect(await vault.find('con_none')).toBeUndefined();
    expect(await vault.openTokens('con_none')).toBeUndefined();
    expect(await vault.forget('con_none')).toBeUndefined();
  });

  it('forgets a connection once, and gives its tokens to whoever forgets it', async () => {
    const { id } = await vault.store(grant());
    const forgotten = await Promise.all([vault.forget(id), vault.forget(id)]);

    const tokens = forgotten.filter((result) => result !== undefined);
    expect(tokens.map(({ accessToken }) => accessToken?.reveal())).toEqual(['pdus+_access']);
    expect(tokens.map(({ refreshToken }) => refreshToken?.reveal())).toEqual(['pdus+_refresh']);
    expect(await countRows()).toBe(0);
  });

  it('forgets what it cannot open too', async () => {
    const { id } = await vault.store(grant());
    const stranger = new ConnectionVault(
      database,
      new TokenCipher(newKeyRing()),
      new ProcessClock(clock),
    );

    expect(await stranger.forget(id)).toEqual({ accessToken: undefined, refreshToken: undefined });
    expect(await countRows()).toBe(0);
  });

  it('opens no token that was moved to another row', async () => {
    const [one, other] = [
      await vault.store(grant()),
      await vault.store(grant({ owner: 'user-7' })),
    ];
    const row = await database
      .selectFrom('connections')
      .select('sealed_access_token')
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow();
    await database.updateTable('connections').set(row).where('id', '=', other.id).execute();

    await expect(vault.openTokens(other.id)).rejects.toMatchObject({ reason: 'not_authentic' });
  });

  it('keeps nothing of a profile but what it names', async () => {
    const calendar = { http_cal_url: 'https://acme.pagerduty.com/private/feed' };
    await vault.store(grant({ profile: { ...profile, ...calendar } }));
    const row = await database
      .selectFrom('connections')
      .select('profile')
      .executeTakeFirstOrThrow();
    expect(row.profile).not.toContain('feed');
  });

  it('does not pass on a row that it did not write', async () => {
    const { id } = await vault.store(grant());
    await database.updateTable('connections').set({ profile: '{"id":' }).execute();
    await expect(vault.find(id)).rejects.toMatchObject({ code: 'internal_error' });
  });

  it('leaves no token in any byte of a SQLite file, its log or its index', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vault-'));
    await using file = openDatabase({ sqlitePath: join(folder, 'db.sqlite') });
    await migrate(file);
    const { id } = await vaultOn(file).store(grant());
    await vaultOn(file).store(grant({ tokenSet: tokenSet('pdus+_newer', 'pdus+_newest') }));

    expect(bytesIn(folder).includes('ada@example.com')).toBe(true);
    expect(bytesIn(folder).includes('pdus+')).toBe(false);
    await vaultOn(file).forget(id);
    await file.destroy();
    expect(bytesIn(folder).includes('ada@example.com')).toBe(false);
  });
});
