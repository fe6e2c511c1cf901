import { createSecretKey, randomBytes } from 'node:crypto';
import { Secret } from '../common/secret.js';
import { KeyRing } from './key-ring.js';
import { TokenCipher } from './token-cipher.js';

describe('TokenCipher', () => {
  const key = createSecretKey(randomBytes(32));
  const cipher = new TokenCipher(new KeyRing({ encryptionKeys: [{ id: 'k1', key }] }));
  const place = { table: 'connections', id: 'con_1', field: 'access_token' };
  const sealed = cipher.seal(new Secret('pdus+_0XBPWQQ'), place);

  it('opens a token where it was sealed', () => {
    expect(cipher.open(sealed, place).reveal()).toBe('pdus+_0XBPWQQ');
  });

  it.each([{ table: 'sessions' }, { id: 'con_2' }, { field: 'refresh_token' }])(
    'does not open it in another place: %j',
    (other) => {
      expect(() => cipher.open(sealed, { ...place, ...other })).toThrow('not_authentic');
    },
  );
});
