import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConnectionsConfig } from '../connections/connections.config.js';
import { connectOwners, replicaWith } from '../connections/testing/replica-with.js';
import { openDatabase, type Database } from '../database/database.js';
import { migrate } from '../database/migrate.js';
import { runKeysCommand } from './keys-command.js';

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [k1, k2, lost] = [newKey('k1'), newKey('k2'), newKey('lost')];

const run = async (words: readonly string[], encryptionKeys = `${k2},${k1}`) => {
  process.env['ENCRYPTION_KEYS'] = encryptionKeys;
  let text = '';
  const exitCode = await runKeysCommand(words, { write: (more) => (text += more) });
  return { exitCode, text, lines: text.trimEnd().split('\n') };
};

describe('npm run keys', () => {
  let database: Database;

  const connect = (owners: readonly string[], keys: string) => {
    const { encryptionKeys } = readConnectionsConfig({ env: { ENCRYPTION_KEYS: keys } });
    return connectOwners(database, replicaWith(database, ...encryptionKeys).cipher, owners);
  };

  beforeEach(async () => {
    const sqlitePath = join(mkdtempSync(join(tmpdir(), 'keys-')), 'db.sqlite');
    process.env['DATABASE_URL'] = `sqlite:${sqlitePath}`;
    database = openDatabase({ sqlitePath });
    await migrate(database);
  });
  afterEach(() => database.destroy());

  it('says which keys are needed', async () => {
    await connect(['ann', 'bea'], k1);
    await connect(['cleo'], k2);
    expect(await run(['status'])).toMatchObject({
      exitCode: 0,
      lines: [
        'k2: 1 connection (the newest: it seals)',
        'k1: 2 connections (older: npm run keys -- rotate)',
      ],
    });
  });

  it('rotates, so that the older key can leave', async () => {
    await connect(['ann', 'bea'], k1);
    expect(await run(['rotate'])).toMatchObject({
      exitCode: 0,
      lines: [
        '0 of 2 connections',
        '2 of 2 connections',
        'All tokens are under k2. Once every running program seals with it, older keys can leave ENCRYPTION_KEYS.',
      ],
    });
    expect((await run(['status'])).lines).toEqual([
      'k2: 2 connections (the newest: it seals)',
      'k1: 0 connections (can leave ENCRYPTION_KEYS, once no running program seals with it)',
    ]);
    expect(await run(['status'], k2)).toMatchObject({ exitCode: 0 });
  });

  it('says only how it ended where there is nothing to do', async () => {
    const { exitCode, lines } = await run(['rotate']);
    expect(exitCode).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^All tokens are under k2\./)]);
  });

  it.each(['status', 'rotate'])('%s names what cannot be opened, and fails', async (word) => {
    await connect(['ann'], k1);
    await connect(['bea'], lost);
    const [, bea] = await database
      .selectFrom('connections')
      .select('id')
      .orderBy('owner')
      .execute();

    const { exitCode, lines } = await run([word]);

    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe(
      `The tokens of 1 connection cannot be opened: their key is not in ENCRYPTION_KEYS; put it back, and they open again: ${bea?.id}`,
    );
  });

  it('names a key that is needed and not there', async () => {
    await connect(['ann'], lost);
    const { lines } = await run(['status']);
    expect(lines).toContain('lost: 1 connection (not in ENCRYPTION_KEYS)');
  });

  it('names ten of many that cannot be opened', async () => {
    await connect(
      Array.from({ length: 12 }, (_, n) => `user-${n}`),
      lost,
    );
    const { text } = await run(['status']);
    expect(text).toContain('12 connections cannot be opened');
    expect(text.match(/con_/g)).toHaveLength(10);
    expect(text.trimEnd()).toMatch(/, …$/);
  });

  it.each([[[]], [['rotat']], [['status', 'now']]])('explains itself on %j', async (words) => {
    const { exitCode, text } = await run(words);
    expect(exitCode).toBe(1);
    expect(text).toContain('npm run keys -- status | rotate');
  });

  it('names every bad setting, and shows none', async () => {
    process.env['DATABASE_URL'] = 'mysql://hunter2';
    const failure = run(['status'], 'k1:hunter3');
    await expect(failure).rejects.toThrow(/^ENCRYPTION_KEYS: .*\nDATABASE_URL: /);
    await expect(failure).rejects.not.toThrow(/hunter/);
  });

  it('says that the database is away', async () => {
    process.env['DATABASE_URL'] = 'sqlite:/dev/null/db.sqlite';
    await expect(run(['rotate'])).rejects.toMatchObject({ code: 'storage_unavailable' });
  });
});
