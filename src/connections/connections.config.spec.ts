import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { readConnectionsConfig } from './connections.config.js';
import { ensureKeyFile } from './key-file.js';

const newKey = () => randomBytes(32).toString('base64');
const readKeys = (ENCRYPTION_KEYS: string) => readConnectionsConfig({ env: { ENCRYPTION_KEYS } });
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

const newFile = () => join(mkdtempSync(join(tmpdir(), 'keys-')), 'data', 'encryption-keys');
const readFrom = (file: string) =>
  readConnectionsConfig({ env: {} }, file).encryptionKeys.map(({ key }) =>
    key.export().toString('hex'),
  );

describe('ENCRYPTION_KEYS', () => {
  it('is a list of keys, newest first', () => {
    const [newest, older] = [newKey(), newKey()];
    const { encryptionKeys } = readKeys(`k2:${newest}, k1:${older}`);
    expect(encryptionKeys.map(({ id, key }) => `${id}:${key.export().toString('base64')}`)).toEqual(
      [`k2:${newest}`, `k1:${older}`],
    );
  });

  it('does not print its bytes once it is read', () => {
    const key = newKey();
    const config = readKeys(`k1:${key}`);
    expect(inspect(config, { depth: 9, showHidden: true }) + JSON.stringify(config)).not.toContain(
      key.slice(0, 8),
    );
  });

  const good = `k1:${newKey()}`;
  it.each([
    ['without an id', newKey()],
    ['with an odd id', `k 1:${newKey()}`],
    ['with a long id', `${'k'.repeat(33)}:${newKey()}`],
    ['too short', `k2:${randomBytes(31).toString('base64')}`],
    ['too long', `k2:${randomBytes(33).toString('base64')}`],
    ['that is no base64', `k2:${'!'.repeat(44)}`],
    ['that is empty', ''],
  ])('refuses a key %s by its position, never by its value', (_what, bad) => {
    expect(() => readKeys(`${good},${bad}`)).toThrow(
      /^ENCRYPTION_KEYS: key 2 is not id:base64 of 32 bytes$/,
    );
  });

  it('refuses an id that is given twice', () => {
    expect(() => readKeys(`${good},k1:${newKey()}`)).toThrow(
      /^ENCRYPTION_KEYS: key 2 has the id of an earlier one$/,
    );
  });

  it('is required in production, and says how to make one', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'keys-')), 'encryption-keys');
    expect(() => readConnectionsConfig({ env: { NODE_ENV: 'production' } }, file)).toThrow(
      /^ENCRYPTION_KEYS: is required in production; make one with: .*openssl rand -base64 32/,
    );
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});

describe('the development key', () => {
  it('is made once, for its owner alone', () => {
    const file = newFile();
    const keys = readFrom(file);
    expect(keys).toHaveLength(1);
    expect(readFrom(file)).toEqual(keys);
    expect(modeOf(file)).toBe('600');
    expect(modeOf(join(file, '..'))).toBe('700');
    expect(readdirSync(join(file, '..'))).toEqual(['encryption-keys']);
  });

  it('is another one in another folder', () => {
    expect(readFrom(newFile())).not.toEqual(readFrom(newFile()));
  });

  it('stays as it is where another program was first', () => {
    const file = newFile();
    ensureKeyFile(file);
    const first = readFileSync(file, 'utf8');
    ensureKeyFile(file);
    expect(readFileSync(file, 'utf8')).toBe(first);
  });

  it('is asked for by name where it cannot be made', () => {
    const file = newFile();
    mkdirSync(join(file, '../..'), { recursive: true });
    writeFileSync(join(file, '..'), 'a file where the folder should be');
    expect(() => readFrom(file)).toThrow(/^ENCRYPTION_KEYS: is not set, and .* cannot be made/);
  });
});
