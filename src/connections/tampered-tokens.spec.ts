import type { Database } from '../database/database.js';
import { freshDatabase } from '../database/testing/fresh-database.js';
import { KeyRotation } from './key-rotation.js';
import type { SealedRow } from './sealed-rows.js';
import { connectOwners, newKey, replicaWith } from './testing/replica-with.js';
import { rotateToTheEnd } from './testing/rotate-to-the-end.js';

const [newest, older] = [newKey('k2'), newKey('k1')];

/** Another character at that place, counted from the end where it is negative. */
const flip = (sealed: string, at: number): string => {
  const index = at < 0 ? sealed.length + at : at;
  return sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1);
};

type Tampering = (ann: SealedRow, bea: SealedRow) => Partial<Omit<SealedRow, 'id'>>;

/** What may become of Ann's row by somebody who can write to the database, or by chance. */
const TAMPERINGS: readonly (readonly [string, Tampering])[] = [
  ["another person's access token", (_, bea) => ({ sealed_access_token: bea.sealed_access_token })],
  [
    "another person's refresh token",
    (_, bea) => ({ sealed_refresh_token: bea.sealed_refresh_token }),
  ],
  ["both of another person's tokens", (_, { id: _id, ...tokens }) => tokens],
  [
    'her own two tokens, one in the place of the other',
    (ann) => ({
      sealed_access_token: ann.sealed_refresh_token ?? '',
      sealed_refresh_token: ann.sealed_access_token,
    }),
  ],
  [
    'an access token that was cut',
    (ann) => ({ sealed_access_token: ann.sealed_access_token.slice(0, -4) }),
  ],
  ['an empty access token', () => ({ sealed_access_token: '' })],
  [
    'a refresh token with one character flipped',
    (ann) => ({ sealed_refresh_token: flip(ann.sealed_refresh_token ?? '', -9) }),
  ],
  [
    'an access token that names another key',
    (ann) => ({ sealed_access_token: ann.sealed_access_token.replace('v1.k1.', 'v1.k2.') }),
  ],
  [
    'a refresh token of another form',
    (ann) => ({ sealed_refresh_token: ann.sealed_refresh_token?.replace('v1.', 'v2.') ?? null }),
  ],
];

describe('A row that holds', () => {
  let database: Database;
  let ann: SealedRow;
  let bea: SealedRow;

  const both = () =>
    database
      .selectFrom('connections')
      .select(['id', 'sealed_access_token', 'sealed_refresh_token'])
      .orderBy('owner')
      .execute();

  beforeEach(async () => {
    database = await freshDatabase();
    await connectOwners(database, replicaWith(database, older).cipher, ['ann', 'bea']);
    const [first, second] = await both();
    if (!first || !second) throw new Error('two rows were written');
    [ann, bea] = [first, second];
  });
  afterEach(() => database.destroy());

  const tamper = (tampering: Tampering) =>
    database.updateTable('connections').set(tampering(ann, bea)).where('id', '=', ann.id).execute();

  it.each(TAMPERINGS)('%s gives no token, and no one else is harmed', async (_what, tampering) => {
    const { vault } = replicaWith(database, newest, older);
    await tamper(tampering);

    await expect(vault.openTokens(ann.id)).rejects.toThrow(/^Sealed text does not open/);
    const tokens = await vault.openTokens(bea.id);
    expect(tokens?.accessToken.reveal()).toBe('access of bea');
    expect(tokens?.refreshToken?.reveal()).toBe('refresh of bea');
  });

  it.each(TAMPERINGS)('%s is not made good by a key rotation', async (_what, tampering) => {
    const { vault, cipher, keyRing } = replicaWith(database, newest, older);
    await tamper(tampering);
    const [asItWas] = await both();

    await rotateToTheEnd(new KeyRotation(database, cipher, keyRing));

    expect((await both())[0]).toEqual(asItWas);
    await expect(vault.openTokens(ann.id)).rejects.toThrow(/^Sealed text does not open/);
    await expect(replicaWith(database, newest).vault.openTokens(bea.id)).resolves.toBeDefined();
  });
});
