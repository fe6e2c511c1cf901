import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const VERSION = 'v1';
const ALGORITHM = 'aes-256-gcm';
// NIST SP 800-38D: a random nonce of 96 bits, and the full tag.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.(?<keyId>[\w-]{1,32})\.(?<body>[\w-]+)$/;

/** A 256-bit key for one purpose, by the id of the key it comes from. */
export interface SealingKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** Why something sealed does not open: not of this form, no such key any more, or altered or moved. */
export type UnsealReason = 'malformed' | 'unknown_key' | 'not_authentic';

/** Something sealed that does not open; neither its text nor its place is told. */
export class UnsealError extends Error {
  constructor(readonly reason: UnsealReason) {
    super(`Sealed text does not open: ${reason}`);
    this.name = 'UnsealError';
  }
}

/**
 * Authenticated encryption (AES-256-GCM) as text: `v1.<key id>.<base64url of nonce, ciphertext, tag>`.
 * The associated data says where the text belongs; elsewhere it does not open.
 */
export class Sealer {
  readonly #keysById: ReadonlyMap<string, SealingKey>;

  /** Seals with `newest`, opens with any. */
  constructor(
    private readonly newest: SealingKey,
    older: readonly SealingKey[] = [],
  ) {
    this.#keysById = new Map([newest, ...older].map((key) => [key.id, key]));
  }

  seal(plaintext: string, associatedData: readonly string[]): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.newest.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(encode(associatedData));
    const body = [nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return sealedPrefixOf(this.newest.id) + Buffer.concat(body).toString('base64url');
  }

  /** @throws UnsealError */
  open(sealed: string, associatedData: readonly string[]): string {
    const { keyId = '', body = '' } = SEALED.exec(sealed)?.groups ?? {};
    const bytes = Buffer.from(body, 'base64url');
    // A last character with stray bits decodes to the same bytes: one text only may open.
    if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== body) {
      throw new UnsealError('malformed');
    }
    const known = this.#keysById.get(keyId);
    if (!known) throw new UnsealError('unknown_key');
    return decrypt(known.key, bytes, encode(associatedData));
  }
}

/** The id of the key that sealed the text; `undefined` where it is not of the sealer's form. */
export function keyIdOf(sealed: string): string | undefined {
  return SEALED.exec(sealed)?.groups?.['keyId'];
}

/** What every text starts with that was sealed by the key of that id. */
export function sealedPrefixOf(keyId: string): string {
  return `${VERSION}.${keyId}.`;
}

function decrypt(key: KeyObject, bytes: Buffer, associatedData: Buffer): string {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const plaintext = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([plaintext, decipher.final()]).toString('utf8');
  } catch {
    throw new UnsealError('not_authentic');
  }
}

/** A JSON array: no two lists of strings give the same bytes. */
function encode(associatedData: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify([VERSION, ...associatedData]));
}
