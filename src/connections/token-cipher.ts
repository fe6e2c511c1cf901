import { Injectable } from '@nestjs/common';
import { Secret } from '../common/secret.js';
import { KeyRing } from './key-ring.js';
import type { Sealer } from './sealer.js';

/** Where a sealed token lies; it opens only there. */
export interface SealedPlace {
  readonly table: string;
  /** The row's id. */
  readonly id: string;
  readonly field: string;
}

/** Seals tokens for the row and field they are kept in. */
@Injectable()
export class TokenCipher {
  readonly #sealer: Sealer;

  constructor(keyRing: KeyRing) {
    this.#sealer = keyRing.sealer('token');
  }

  seal(secret: Secret, { table, id, field }: SealedPlace): string {
    return this.#sealer.seal(secret.reveal(), [table, id, field]);
  }

  /** @throws UnsealError */
  open(sealed: string, { table, id, field }: SealedPlace): Secret {
    return new Secret(this.#sealer.open(sealed, [table, id, field]));
  }
}

/** Where a connection's access token lies. */
export function accessTokenOf(id: string): SealedPlace {
  return { table: 'connections', id, field: 'access_token' };
}

/** Where a connection's refresh token lies. */
export function refreshTokenOf(id: string): SealedPlace {
  return { table: 'connections', id, field: 'refresh_token' };
}
