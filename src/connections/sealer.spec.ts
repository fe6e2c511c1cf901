import { createSecretKey, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { Sealer, UnsealError, type SealingKey } from './sealer.js';

const newKey = (id: string): SealingKey => ({ id, key: createSecretKey(randomBytes(32)) });

const texts = fc.string({ unit: 'grapheme' });
const places = fc.array(texts, { maxLength: 4 });

const reasonOf = (open: () => unknown): string => {
  try {
    open();
  } catch (error) {
    if (error instanceof UnsealError) return error.reason;
    throw error;
  }
  return 'opened';
};

describe('Sealer', () => {
  const [older, newest] = [newKey('2025'), newKey('2026')];
  const sealer = new Sealer(newest, [older]);

  it('opens what it sealed, in its place', () => {
    fc.assert(
      fc.property(texts, places, (text, place) => {
        expect(sealer.open(sealer.seal(text, place), place)).toBe(text);
      }),
    );
  });

  it('opens nothing in another place', () => {
    fc.assert(
      fc.property(texts, places, places, (text, place, other) => {
        fc.pre(JSON.stringify(place) !== JSON.stringify(other));
        expect(reasonOf(() => sealer.open(sealer.seal(text, place), other))).toBe('not_authentic');
      }),
    );
  });

  it.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['a', 'b'], ['a,b']],
    [['a'], ['a', '']],
    [['a","b'], ['a', 'b']],
  ])('tells the place %j from %j', (place, other) => {
    const sealed = sealer.seal('text', place);
    expect(reasonOf(() => sealer.open(sealed, other))).toBe('not_authentic');
  });

  it('opens nothing of which one character was changed, in any part of it', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n';
    fc.assert(
      fc.property(
        texts,
        fc.nat(),
        fc.constantFrom(...alphabet.split('')),
        (text, at, character) => {
          const sealed = sealer.seal(text, ['place']);
          const index = at % sealed.length;
          fc.pre(sealed[index] !== character);
          const altered = sealed.slice(0, index) + character + sealed.slice(index + 1);
          expect(reasonOf(() => sealer.open(altered, ['place']))).not.toBe('opened');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('opens nothing of which one bit was changed: nonce, ciphertext or tag', () => {
    const [version, keyId, body = ''] = sealer.seal('a token', ['place']).split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const sealed = [version, keyId, altered.toString('base64url')].join('.');
      expect(reasonOf(() => sealer.open(sealed, ['place']))).toBe('not_authentic');
    }
  });

  it('opens nothing that was cut or grew', () => {
    const sealed = sealer.seal('a token', ['place']);
    for (let length = 0; length < sealed.length; length++) {
      expect(reasonOf(() => sealer.open(sealed.slice(0, length), ['place']))).not.toBe('opened');
    }
    expect(reasonOf(() => sealer.open(`${sealed}AAAA`, ['place']))).toBe('not_authentic');
  });

  it.each(['', 'v1', 'v2.2026.AAAA', 'v1.2026.', 'v1.2026.AAAA', `v1.20 26.${'A'.repeat(60)}`])(
    'calls %j malformed',
    (sealed) => {
      expect(reasonOf(() => sealer.open(sealed, []))).toBe('malformed');
    },
  );

  it('opens what an older key sealed, and says when a key is gone', () => {
    const sealed = new Sealer(older).seal('a token', ['place']);
    expect(sealer.open(sealed, ['place'])).toBe('a token');
    expect(reasonOf(() => new Sealer(newest).open(sealed, ['place']))).toBe('unknown_key');
  });

  it('takes no key for another', () => {
    const sealed = sealer.seal('a token', ['place']).replace('.2026.', '.2025.');
    expect(reasonOf(() => sealer.open(sealed, ['place']))).toBe('not_authentic');
  });

  it('seals the same text differently each time', () => {
    const sealed = new Set(Array.from({ length: 100 }, () => sealer.seal('a token', [])));
    expect(sealed.size).toBe(100);
  });

  it('shows neither text nor place in its error', () => {
    const sealed = sealer.seal('hunter2', ['place']);
    expect(() => sealer.open(sealed, ['hunter3'])).toThrow(
      /^Sealed text does not open: not_authentic$/,
    );
  });
});
