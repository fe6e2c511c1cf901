import { createSecretKey, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { connectionsConfig, type ConnectionsConfig } from './connections.config.js';
import type { EncryptionKey } from './encryption-keys.js';
import { Sealer, type SealingKey } from './sealer.js';

const KEY_BYTES = 32;

/** The encryption keys: the newest seals, all open. Each purpose has keys of its own, derived from these. */
@Injectable()
export class KeyRing {
  readonly #keys: readonly EncryptionKey[];
  readonly #sealers = new Map<string, Sealer>();

  constructor(@Inject(connectionsConfig.KEY) config: ConnectionsConfig) {
    this.#keys = config.encryptionKeys;
  }

  /** The ids of all keys, the newest, which seals, first. */
  get keyIds(): readonly string[] {
    return this.#keys.map(({ id }) => id);
  }

  /** The id of the key that seals. */
  get newestKeyId(): string {
    const [newest] = this.#keys;
    if (!newest) throw new RangeError('A key ring needs a key');
    return newest.id;
  }

  /** The sealer for one purpose, such as `token`; what one purpose sealed does not open for another. */
  sealer(purpose: string): Sealer {
    const known = this.#sealers.get(purpose);
    if (known) return known;
    const [newest, ...older] = this.derive(purpose);
    if (!newest) throw new RangeError('A key ring needs a key');
    const sealer = new Sealer(newest, older);
    this.#sealers.set(purpose, sealer);
    return sealer;
  }

  /** Keys for one purpose, newest first, by HKDF-SHA256 (RFC 5869) with the purpose as its context. */
  derive(purpose: string): readonly SealingKey[] {
    return this.#keys.map(({ id, key }) => ({
      id,
      key: createSecretKey(Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_BYTES))),
    }));
  }
}
