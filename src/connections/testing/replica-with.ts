import { createSecretKey, randomBytes } from 'node:crypto';
import { SystemClock } from '../../common/clock.js';
import { Secret } from '../../common/secret.js';
import type { Database } from '../../database/database.js';
import { ProcessClock } from '../../database/database-clock.js';
import type { Profile } from '../../pagerduty/rest/profile.js';
import { toColumns } from '../connection-row.js';
import { ConnectionVault } from '../connection-vault.js';
import type { EncryptionKey } from '../encryption-keys.js';
import { KeyRing } from '../key-ring.js';
import { accessTokenOf, refreshTokenOf, TokenCipher } from '../token-cipher.js';

/** A random encryption key. */
export function newKey(id: string): EncryptionKey {
  return { id, key: createSecretKey(randomBytes(32)) };
}

/** What a replica with these keys, newest first, has. */
export function replicaWith(database: Database, ...encryptionKeys: readonly EncryptionKey[]) {
  const keyRing = new KeyRing({ encryptionKeys });
  const cipher = new TokenCipher(keyRing);
  const vault = new ConnectionVault(database, cipher, new ProcessClock(new SystemClock()));
  return { keyRing, cipher, vault };
}

const profile = {
  id: 'PUSER01',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  role: undefined,
  jobTitle: undefined,
  timeZone: undefined,
  avatarUrl: undefined,
  htmlUrl: undefined,
  teams: [],
} as const satisfies Profile;

const columns = toColumns(
  {
    owner: '',
    identity: { accountId: 'PACCT01', userId: 'PUSER01', subdomain: 'acme', region: 'us' },
    profile,
    tokenSet: {
      accessToken: new Secret(''),
      refreshToken: undefined,
      idToken: undefined,
      scope: undefined,
      expiresInS: 864_000,
    },
    scope: ['openid', 'read'],
  },
  Date.UTC(2026, 0, 1),
);

/** The columns of tokens that bear the name, sealed for the connection. */
export function sealedFor(cipher: TokenCipher, id: string, name: string) {
  return {
    sealed_access_token: cipher.seal(new Secret(`access of ${name}`), accessTokenOf(id)),
    sealed_refresh_token: cipher.seal(new Secret(`refresh of ${name}`), refreshTokenOf(id)),
  };
}

/** Writes a connection for each owner, all at once, with tokens that bear the owner's name. */
export async function connectOwners(
  database: Database,
  cipher: TokenCipher,
  owners: readonly string[],
): Promise<void> {
  const rows = owners.map((owner) => {
    const id = `con_${randomBytes(16).toString('base64url')}`;
    return { ...columns, ...sealedFor(cipher, id, owner), id, owner, created_at_ms: 0, version: 1 };
  });
  await database.insertInto('connections').values(rows).execute();
}
