import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Secret } from '../common/secret.js';
import { DatabaseClock } from '../database/database-clock.js';
import { Database } from '../database/database.js';
import { readNowMs } from '../database/read-now.js';
import type { TokenSet } from '../pagerduty/identity/token-set.js';
import type { Connection, NewGrant } from './connection.js';
import { CONNECTION_COLUMNS, toColumns, toConnection } from './connection-row.js';
import { UnsealError } from './sealer.js';
import { accessTokenOf, refreshTokenOf, TokenCipher, type SealedPlace } from './token-cipher.js';

const TABLE = 'connections';
const SEALED_COLUMNS = ['sealed_access_token', 'sealed_refresh_token'] as const;

/** A connection's tokens, opened. */
export interface ConnectionTokens {
  readonly accessToken: Secret;
  readonly refreshToken: Secret | undefined;
}

/** What could still be opened of a forgotten connection, so that it can be revoked at PagerDuty. */
export interface ForgottenTokens {
  readonly accessToken: Secret | undefined;
  readonly refreshToken: Secret | undefined;
}

/**
 * Keeps connections, and their tokens sealed, each for its own row and field.
 * Every method rejects with AppError `storage_unavailable` where the database is away.
 */
@Injectable()
export class ConnectionVault {
  constructor(
    private readonly database: Database,
    private readonly cipher: TokenCipher,
    private readonly clock: DatabaseClock,
  ) {}

  /** Keeps a grant in the one row of its owner, account and user: who connects again replaces all but the id. */
  async store(grant: NewGrant): Promise<Connection> {
    const id = `con_${randomBytes(16).toString('base64url')}`;
    const nowMs = await readNowMs(this.database, this.clock);
    const columns = toColumns(grant, nowMs);
    return this.database.transaction().execute(async (transaction) => {
      const kept = await transaction
        .insertInto(TABLE)
        .values({
          ...columns,
          ...this.#seal(grant.tokenSet, id),
          id,
          created_at_ms: nowMs,
          version: 1,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['owner', 'account_id', 'user_id'])
            .doUpdateSet((old) => ({ version: old('connections.version', '+', 1) })),
        )
        .returning(['id', 'created_at_ms', 'version'])
        .executeTakeFirstOrThrow();
      if (kept.id !== id) {
        // This transaction holds the older row now, and knows the id to seal for.
        const replacement = { ...columns, ...this.#seal(grant.tokenSet, kept.id) };
        await transaction.updateTable(TABLE).set(replacement).where('id', '=', kept.id).execute();
      }
      return toConnection({ ...columns, ...kept });
    });
  }

  async find(id: string): Promise<Connection | undefined> {
    const query = this.database.selectFrom(TABLE).select(CONNECTION_COLUMNS);
    const row = await query.where('id', '=', id).executeTakeFirst();
    return row && toConnection(row);
  }

  /** @throws UnsealError where the row was altered, or its key has left the key ring */
  async openTokens(id: string): Promise<ConnectionTokens | undefined> {
    const query = this.database.selectFrom(TABLE).select(SEALED_COLUMNS);
    const row = await query.where('id', '=', id).executeTakeFirst();
    if (!row) return undefined;
    const { sealed_access_token: access, sealed_refresh_token: refresh } = row;
    return {
      accessToken: this.cipher.open(access, accessTokenOf(id)),
      refreshToken: refresh === null ? undefined : this.cipher.open(refresh, refreshTokenOf(id)),
    };
  }

  /** Deletes the row for good, and with it every session; a token that does not open any more is not given. */
  async forget(id: string): Promise<ForgottenTokens | undefined> {
    const deletion = this.database.deleteFrom(TABLE).where('id', '=', id);
    const row = await deletion.returning(SEALED_COLUMNS).executeTakeFirst();
    if (!row) return undefined;
    return {
      accessToken: this.#openIfPossible(row.sealed_access_token, accessTokenOf(id)),
      refreshToken: this.#openIfPossible(row.sealed_refresh_token, refreshTokenOf(id)),
    };
  }

  #seal({ accessToken, refreshToken }: TokenSet, id: string) {
    return {
      sealed_access_token: this.cipher.seal(accessToken, accessTokenOf(id)),
      sealed_refresh_token: refreshToken
        ? this.cipher.seal(refreshToken, refreshTokenOf(id))
        : null,
    };
  }

  #openIfPossible(sealed: string | null, place: SealedPlace): Secret | undefined {
    if (sealed === null) return undefined;
    try {
      return this.cipher.open(sealed, place);
    } catch (error) {
      if (error instanceof UnsealError) return undefined;
      throw error;
    }
  }
}
