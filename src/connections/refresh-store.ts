import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database/database.js';
import { DatabaseClock } from '../database/database-clock.js';
import { readNowMs } from '../database/read-now.js';
import type { TokenSet } from '../pagerduty/identity/token-set.js';
import { REGIONS } from '../pagerduty/region.js';
import { CONNECTION_STATUSES } from './connection.js';
import { tokenDates } from './grant-calendar.js';
import type { ReconnectReason } from './reconnect-reason.js';
import { accessTokenOf, refreshTokenOf, TokenCipher } from './token-cipher.js';
import type { TokenRecord } from './token-record.js';

const TABLE = 'connections';

/** Longer than a token request's whole deadline and the write after it. */
const LEASE_MS = 20_000;

const columnsSchema = z.object({ status: z.enum(CONNECTION_STATUSES), region: z.enum(REGIONS) });

/** A refresh answer, with the scope that holds from now on. */
export type RenewedTokens = Omit<TokenSet, 'scope'> & { readonly scope: readonly string[] };

/**
 * The refresh's view of the connections table: every write names the version that it was made for,
 * so that what was overtaken is never written.
 */
@Injectable()
export class RefreshStore {
  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
    private readonly cipher: TokenCipher,
  ) {}

  async read(id: string): Promise<TokenRecord | undefined> {
    const row = await this.database
      .selectFrom(TABLE)
      .selectAll()
      .select(this.clock.nowMs.as('now_ms'))
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) return undefined;
    return {
      ...columnsSchema.parse(row),
      id: row.id,
      version: row.version,
      statusReason: row.status_reason ?? undefined,
      scope: row.scope.split(' ').filter(Boolean),
      sealedAccessToken: row.sealed_access_token,
      sealedRefreshToken: row.sealed_refresh_token ?? undefined,
      accessTokenIssuedAtMs: row.access_token_issued_at_ms ?? row.updated_at_ms,
      accessTokenExpiresAtMs: row.access_token_expires_at_ms,
      grantEndsAtMs: row.grant_ends_at_ms,
      keepAliveDueAtMs: row.keep_alive_due_at_ms ?? row.updated_at_ms,
      leaseOwner: row.lease_owner ?? undefined,
      leaseUntilMs: row.lease_until_ms ?? undefined,
      refreshStartedAtMs: row.refresh_started_at_ms ?? undefined,
      nowMs: row.now_ms,
    };
  }

  /**
   * Takes the refresh lease and opens the journal, in one statement, if the row is still at its version
   * and nobody holds the lease, or `deadOwner` does.
   * @returns whether the lease is ours
   */
  async takeLease(
    { id, version, nowMs }: TokenRecord,
    owner: string,
    deadOwner?: string,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.database
      .updateTable(TABLE)
      .set({ lease_owner: owner, lease_until_ms: nowMs + LEASE_MS, refresh_started_at_ms: nowMs })
      .where('id', '=', id)
      .where('version', '=', version)
      .where('status', '=', 'active')
      .where('lease_owner', deadOwner === undefined ? 'is' : '=', deadOwner ?? null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /**
   * Writes the new token set, opens the way for the next refresh, and closes the journal.
   * @param ageMs how long ago PagerDuty gave the answer: its `expires_in` counts from then
   * @returns whether the row was still at the version that was refreshed
   */
  async commit(
    { id, version }: TokenRecord,
    renewed: RenewedTokens,
    ageMs: number,
  ): Promise<boolean> {
    const { accessToken, refreshToken, expiresInS, scope } = renewed;
    const nowMs = await readNowMs(this.database, this.clock);
    const { numUpdatedRows } = await this.database
      .updateTable(TABLE)
      .set(({ eb }) => ({
        ...RELEASED,
        ...tokenDates(scope, nowMs - ageMs, expiresInS),
        refresh_started_at_ms: null,
        status: 'active',
        status_reason: null,
        scope: scope.join(' '),
        sealed_access_token: this.cipher.seal(accessToken, accessTokenOf(id)),
        ...(refreshToken && {
          sealed_refresh_token: this.cipher.seal(refreshToken, refreshTokenOf(id)),
        }),
        updated_at_ms: nowMs,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Gives our lease back; the journal stays open where PagerDuty may have replaced the token all the same. */
  async release({ id }: TokenRecord, owner: string, journal: 'closed' | 'open'): Promise<void> {
    await this.database
      .updateTable(TABLE)
      .set({ ...RELEASED, ...(journal === 'closed' && { refresh_started_at_ms: null }) })
      .where('id', '=', id)
      .where('lease_owner', '=', owner)
      .execute();
  }

  /**
   * Says that the person is needed again. The row keeps its version: a late answer with good tokens heals it.
   * @returns whether the row was still as it was read
   */
  async requireReconnect({ id, version }: TokenRecord, reason: ReconnectReason): Promise<boolean> {
    const { numUpdatedRows } = await this.database
      .updateTable(TABLE)
      .set({
        ...RELEASED,
        status: 'reconnect_required',
        status_reason: reason,
        updated_at_ms: this.clock.nowMs,
      })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Active connections whose keep-alive is due, the most urgent first. */
  async findDue(limit: number): Promise<readonly string[]> {
    const rows = await this.database
      .selectFrom(TABLE)
      .select('id')
      .where('status', '=', 'active')
      .where('keep_alive_due_at_ms', '<=', this.clock.nowMs)
      .orderBy('keep_alive_due_at_ms')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }
}

const RELEASED = { lease_owner: null, lease_until_ms: null } as const;
