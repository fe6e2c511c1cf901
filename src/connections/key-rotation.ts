import { Injectable } from '@nestjs/common';
import type { Secret } from '../common/secret.js';
import { Database } from '../database/database.js';
import { KeyRing } from './key-ring.js';
import { SealedRows, type ResealedRow, type SealedRow } from './sealed-rows.js';
import { keyIdOf, UnsealError, type UnsealReason } from './sealer.js';
import { accessTokenOf, refreshTokenOf, TokenCipher } from './token-cipher.js';

/** A connection of which a token does not open. */
export interface UnreadableConnection {
  readonly id: string;
  readonly reason: UnsealReason;
}

/** Which keys the stored tokens are under. */
export interface KeySurvey {
  readonly connections: number;
  /** How many connections need a key, by its id: those of the key ring, newest first, then others. */
  readonly connectionsByKeyId: ReadonlyMap<string, number>;
  readonly unreadable: readonly UnreadableConnection[];
}

/** How far a rotation is; the last one says how it ended. */
export interface RotationProgress {
  /** Connections that were not under the newest key when it began. */
  readonly total: number;
  /** Of them, and of those that came meanwhile: now under the newest key, or gone. */
  readonly settled: number;
  /** Left as they are. */
  readonly unreadable: readonly UnreadableConnection[];
}

interface OpenedTokens {
  readonly accessToken: Secret;
  readonly refreshToken: Secret | null;
}

/**
 * Brings every stored token under the newest key while the program runs. Whatever is not under it is
 * work left, so a rotation that was killed goes on where it was.
 * Every method rejects with AppError `storage_unavailable` where the database is away.
 */
@Injectable()
export class KeyRotation {
  readonly #rows: SealedRows;

  constructor(
    database: Database,
    private readonly cipher: TokenCipher,
    private readonly keyRing: KeyRing,
  ) {
    this.#rows = new SealedRows(database, keyRing.newestKeyId);
  }

  /** Opens every token once, and keeps none. */
  async survey(): Promise<KeySurvey> {
    let connections = 0;
    const connectionsByKeyId = new Map(this.keyRing.keyIds.map((keyId) => [keyId, 0]));
    const unreadable: UnreadableConnection[] = [];
    for await (const rows of this.#rows.batches('all')) {
      connections += rows.length;
      for (const row of rows) {
        for (const keyId of keyIdsIn(row)) {
          connectionsByKeyId.set(keyId, (connectionsByKeyId.get(keyId) ?? 0) + 1);
        }
        const opened = this.#open(row);
        if ('reason' in opened) unreadable.push(opened);
      }
    }
    return { connections, connectionsByKeyId, unreadable };
  }

  /** Works while it is iterated, and ends when nothing more can be done. */
  async *rotate(): AsyncGenerator<RotationProgress, void> {
    const total = await this.#rows.countLeft();
    let settled = 0;
    yield { total, settled, unreadable: [] };
    // A program that still seals with an older key may write behind us: again, until nothing is found.
    for (let settledBefore = -1; settledBefore < settled;) {
      settledBefore = settled;
      const unreadable: UnreadableConnection[] = [];
      for await (const rows of this.#rows.batches('left')) {
        const problems = await this.#settle(rows);
        unreadable.push(...problems);
        settled += rows.length - problems.length;
        yield { total, settled, unreadable: [...unreadable] };
      }
    }
  }

  /** Where a refresh was quicker, its tokens are the ones to look at; versions and dates stay as they are. */
  async #settle(rows: readonly SealedRow[]): Promise<readonly UnreadableConnection[]> {
    const unreadable: UnreadableConnection[] = [];
    for (let left = rows; left.length > 0;) {
      const resealed: ResealedRow[] = [];
      for (const read of left) {
        const opened = this.#open(read);
        if ('reason' in opened) unreadable.push(opened);
        else resealed.push({ read, anew: this.#seal(read.id, opened) });
      }
      left = await this.#rows.readLeft(await this.#rows.replace(resealed));
    }
    return unreadable;
  }

  #open(row: SealedRow): OpenedTokens | UnreadableConnection {
    const { id, sealed_access_token: access, sealed_refresh_token: refresh } = row;
    try {
      return {
        accessToken: this.cipher.open(access, accessTokenOf(id)),
        refreshToken: refresh === null ? null : this.cipher.open(refresh, refreshTokenOf(id)),
      };
    } catch (error) {
      if (error instanceof UnsealError) return { id, reason: error.reason };
      throw error;
    }
  }

  #seal(id: string, { accessToken, refreshToken }: OpenedTokens): Omit<SealedRow, 'id'> {
    return {
      sealed_access_token: this.cipher.seal(accessToken, accessTokenOf(id)),
      sealed_refresh_token: refreshToken && this.cipher.seal(refreshToken, refreshTokenOf(id)),
    };
  }
}

function keyIdsIn(row: SealedRow): ReadonlySet<string> {
  const sealed = [row.sealed_access_token, row.sealed_refresh_token ?? ''];
  return new Set(sealed.map(keyIdOf).filter((keyId) => keyId !== undefined));
}
