import type { Secret } from '../common/secret.js';
import type { Database } from '../database/database.js';
import { freshDatabase } from '../database/testing/fresh-database.js';
import { ConnectionVault } from './connection-vault.js';
import { KeyRing } from './key-ring.js';
import { KeyRotation, type RotationProgress } from './key-rotation.js';
import { connectOwners, newKey, replicaWith, sealedFor } from './testing/replica-with.js';
import { rotateToTheEnd } from './testing/rotate-to-the-end.js';
import { TokenCipher, type SealedPlace } from './token-cipher.js';

const OWNERS = Array.from({ length: 500 }, (_, n) => `user-${n}`);

/** Where `_` stands for any character, as in LIKE, the older key's texts start as the newest one's. */
const [newest, older] = [newKey('k_2'), newKey('kx2')];

/** A cipher with both keys that lets something happen at the moment when a token is opened. */
class WatchedCipher extends TokenCipher {
  #opened = 0;

  constructor(
    keyRing: KeyRing,
    private readonly whenOpening: (count: number) => void,
  ) {
    super(keyRing);
  }

  override open(sealed: string, place: SealedPlace): Secret {
    this.#opened += 1;
    this.whenOpening(this.#opened);
    return super.open(sealed, place);
  }
}

const endOf = async (rotation: KeyRotation): Promise<RotationProgress | undefined> =>
  (await rotateToTheEnd(rotation)).at(-1);

describe('KeyRotation', () => {
  let database: Database;
  let before: ReturnType<typeof replicaWith>;
  let between: ReturnType<typeof replicaWith>;
  let after: ReturnType<typeof replicaWith>;

  beforeEach(async () => {
    database = await freshDatabase();
    before = replicaWith(database, older);
    between = replicaWith(database, newest, older);
    after = replicaWith(database, newest);
  });
  afterEach(() => database.destroy());

  const rotation = (whenOpening: (count: number) => void = () => undefined) =>
    new KeyRotation(database, new WatchedCipher(between.keyRing, whenOpening), between.keyRing);
  const connectAll = (owners: readonly string[], cipher = before.cipher) =>
    connectOwners(database, cipher, owners);
  const rows = () => database.selectFrom('connections').selectAll().orderBy('owner').execute();
  const namesOf = async (vault: ConnectionVault) => {
    const stored = await rows();
    return Promise.all(
      stored.map(async ({ id }) => {
        const tokens = await vault.openTokens(id);
        return [tokens?.accessToken.reveal(), tokens?.refreshToken?.reveal()];
      }),
    );
  };
  const namesFor = (owners: readonly string[]) =>
    owners.toSorted().map((owner) => [`access of ${owner}`, `refresh of ${owner}`]);

  it('brings every token under the newest key, and changes nothing else', async () => {
    await connectAll(OWNERS);
    const unsealed = async () =>
      (await rows()).map(({ sealed_access_token: _a, sealed_refresh_token: _r, ...rest }) => rest);
    const asItWas = await unsealed();

    expect(await endOf(rotation())).toEqual({ total: 500, settled: 500, unreadable: [] });

    expect(await namesOf(after.vault)).toEqual(namesFor(OWNERS));
    expect(await unsealed()).toEqual(asItWas);
  });

  it('tells how far it is, and never goes back', async () => {
    await connectAll(OWNERS);
    const settled = (await rotateToTheEnd(rotation())).map((progress) => progress.settled);
    expect(settled[0]).toBe(0);
    expect(settled.length).toBeGreaterThan(3);
    expect(settled).toEqual(settled.toSorted((a, b) => a - b));
  });

  it('goes on where it was killed, with no token lost in between', async () => {
    await connectAll(OWNERS);
    const killed = rotation((count) => {
      if (count === 520) throw new Error('killed');
    });
    await expect(endOf(killed)).rejects.toThrow('killed');

    expect(await namesOf(between.vault)).toEqual(namesFor(OWNERS));
    expect(await endOf(rotation())).toEqual({ total: 250, settled: 250, unreadable: [] });
    expect(await namesOf(after.vault)).toEqual(namesFor(OWNERS));
    expect(await endOf(rotation())).toEqual({ total: 0, settled: 0, unreadable: [] });
  });

  it('rotates a refresh token that outlived its access token under the older key', async () => {
    await connectAll(['ann']);
    const [ann] = await rows();
    const { sealed_access_token } = sealedFor(after.cipher, ann?.id ?? '', 'ann');
    await database.updateTable('connections').set({ sealed_access_token }).execute();

    expect(await endOf(rotation())).toEqual({ total: 1, settled: 1, unreadable: [] });
    expect(await namesOf(after.vault)).toEqual(namesFor(['ann']));
  });

  it('rotates a connection without a refresh token', async () => {
    await connectAll(['ann']);
    await database.updateTable('connections').set({ sealed_refresh_token: null }).execute();
    expect(await endOf(rotation())).toMatchObject({ total: 1, settled: 1 });
    expect(await namesOf(after.vault)).toEqual([['access of ann', undefined]]);
  });

  it.each([
    ['with the older key', () => before.cipher],
    ['with the newest key', () => between.cipher],
  ])('never undoes a refresh that comes in between, %s', async (_which, cipher) => {
    await connectAll(['ann', 'bea', 'cleo']);
    const [, bea] = await rows();
    const writes: Promise<unknown>[] = [];
    const racing = rotation((count) => {
      if (count !== 1) return;
      // PagerDuty gave no new refresh token: the old one stays as it is.
      const { sealed_access_token } = sealedFor(cipher(), bea?.id ?? '', 'bea refreshed');
      const query = database.updateTable('connections').set({ sealed_access_token });
      writes.push(query.where('owner', '=', 'bea').execute());
    });

    expect(await endOf(racing)).toEqual({ total: 3, settled: 3, unreadable: [] });
    await Promise.all(writes);

    expect(writes).toHaveLength(1);
    expect(await namesOf(after.vault)).toEqual([
      ['access of ann', 'refresh of ann'],
      ['access of bea refreshed', 'refresh of bea'],
      ['access of cleo', 'refresh of cleo'],
    ]);
  });

  it('leaves a connection gone that was disconnected in between', async () => {
    await connectAll(['ann', 'bea']);
    const [ann] = await rows();
    const forgotten: Promise<unknown>[] = [];
    const racing = rotation((count) => {
      if (count === 1) forgotten.push(before.vault.forget(ann?.id ?? ''));
    });

    expect(await endOf(racing)).toMatchObject({ unreadable: [] });
    await Promise.all(forgotten);
    expect(await namesOf(after.vault)).toEqual(namesFor(['bea']));
  });

  it('finds what an older program wrote behind it', async () => {
    await connectAll(OWNERS.slice(0, 250));
    const late = Array.from({ length: 20 }, (_, n) => `late-${n}`);
    let end: RotationProgress | undefined;
    for await (const progress of rotation().rotate()) {
      if (progress.settled === 250) await connectAll(late);
      end = progress;
    }
    expect(end).toEqual({ total: 250, settled: 270, unreadable: [] });
    expect(await namesOf(after.vault)).toEqual(namesFor([...OWNERS.slice(0, 250), ...late]));
  });

  it('fails no reader while it works', async () => {
    await connectAll(OWNERS);
    const stored = await rows();
    const ended = new AbortController();
    const read = async (first: number): Promise<number> => {
      let reads = 0;
      for (; !ended.signal.aborted; reads += 1) {
        const row = stored[(first + reads) % stored.length];
        const tokens = await between.vault.openTokens(row?.id ?? '');
        expect(tokens?.accessToken.reveal()).toBe(`access of ${row?.owner}`);
      }
      return reads;
    };
    const readers = Promise.all([read(0), read(150), read(300)]);
    await endOf(rotation());
    ended.abort();
    for (const reads of await readers) expect(reads).toBeGreaterThan(10);
  });

  it('leaves what it cannot open as it is, says why, and rotates the rest', async () => {
    await connectAll(['ann', 'bea']);
    await connectAll(['cleo'], replicaWith(database, newKey('lost')).cipher);
    const [, bea, cleo] = await rows();
    await database
      .updateTable('connections')
      .set({ sealed_refresh_token: 'v1.kx2.cut' })
      .where('owner', '=', 'bea')
      .execute();
    const asItWas = await rows();

    const end = await endOf(rotation());

    expect(end).toMatchObject({ total: 3, settled: 1 });
    expect(end?.unreadable).toHaveLength(2);
    expect(end?.unreadable).toEqual(
      expect.arrayContaining([
        { id: bea?.id, reason: 'malformed' },
        { id: cleo?.id, reason: 'unknown_key' },
      ]),
    );
    expect((await rows()).slice(1)).toEqual(asItWas.slice(1));
    expect((await rows())[0]).not.toEqual(asItWas[0]);
  });

  it('surveys which keys are needed, and what does not open', async () => {
    await connectAll(['ann', 'bea']);
    await connectAll(['cleo'], between.cipher);
    await connectAll(['dora'], replicaWith(database, newKey('lost')).cipher);
    const dora = (await rows()).at(-1);

    const { connectionsByKeyId, ...survey } = await rotation().survey();

    expect([...connectionsByKeyId]).toEqual([
      ['k_2', 1],
      ['kx2', 2],
      ['lost', 1],
    ]);
    expect(survey).toEqual({
      connections: 4,
      unreadable: [{ id: dora?.id, reason: 'unknown_key' }],
    });
  });
});
