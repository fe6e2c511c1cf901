import { createSecretKey, randomBytes } from 'node:crypto';
import { KeyRing } from './key-ring.js';

const newKey = (id: string) => ({ id, key: createSecretKey(randomBytes(32)) });

const bytesOf = (ring: KeyRing) =>
  ring.derive('token').map(({ key }) => key.export().toString('hex'));

describe('KeyRing', () => {
  const [older, newest] = [newKey('k1'), newKey('k2')];
  const keyRing = new KeyRing({ encryptionKeys: [newest, older] });

  it('seals with the newest key', () => {
    expect(keyRing.sealer('token').seal('text', [])).toMatch(/^v1\.k2\./);
  });

  it('opens what was sealed before a newer key came', () => {
    const sealed = new KeyRing({ encryptionKeys: [older] }).sealer('token').seal('text', []);
    expect(keyRing.sealer('token').open(sealed, [])).toBe('text');
  });

  it('keeps purposes apart', () => {
    const sealed = keyRing.sealer('token').seal('text', []);
    expect(() => keyRing.sealer('flow-cookie').open(sealed, [])).toThrow('not_authentic');
  });

  it('derives once for each purpose', () => {
    expect(keyRing.sealer('token')).toBe(keyRing.sealer('token'));
  });

  it('derives the same keys in every process, and none of them is the key itself', () => {
    const again = new KeyRing({ encryptionKeys: [newest, older] });
    expect(bytesOf(again)).toEqual(bytesOf(keyRing));
    expect(bytesOf(keyRing)).not.toContain(newest.key.export().toString('hex'));
  });

  it('derives as RFC 5869 says', () => {
    const key = createSecretKey(Buffer.alloc(32, 7));
    const [derived] = new KeyRing({ encryptionKeys: [{ id: 'k1', key }] }).derive('token');
    expect(derived?.key.export().toString('hex')).toBe(
      '864817830bdb9cc046854b1259a89a43d9f6908aba3287676a4cfbee8a7591ee',
    );
  });
});
