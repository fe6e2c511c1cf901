import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';

const TABLE = 'finished_flows';
/** As long as the browser may keep the flow's cookie. */
const KEPT_MS = 60 * 60 * 1000;

/** A sign-in that is done: its code is spent, whatever became of the session. */
export interface FinishedFlow {
  /** Hash of the sign-in's `state`. */
  readonly hash: string;
  readonly connectionId: string;
  /** The path of ours where the person came out. */
  readonly returnPath: string;
}

/** Remembers finished sign-ins for an hour, so that a callback that arrives again is known. */
@Injectable()
export class FinishedFlows {
  constructor(private readonly database: Database) {}

  async find(hash: string): Promise<FinishedFlow | undefined> {
    const row = await this.database
      .selectFrom(TABLE)
      .select(['connection_id', 'return_path'])
      .where('flow_hash', '=', hash)
      .executeTakeFirst();
    return row && { hash, connectionId: row.connection_id, returnPath: row.return_path };
  }
}

/** Notes it within the transaction that begins the session. */
export async function noteFinishedFlow(
  transaction: Kysely<Schema>,
  { hash, connectionId, returnPath }: FinishedFlow,
  nowMs: number,
): Promise<void> {
  await transaction
    .deleteFrom(TABLE)
    .where('finished_at_ms', '<=', nowMs - KEPT_MS)
    .execute();
  await transaction
    .insertInto(TABLE)
    .values({
      flow_hash: hash,
      connection_id: connectionId,
      return_path: returnPath,
      finished_at_ms: nowMs,
    })
    .onConflict((conflict) => conflict.column('flow_hash').doNothing())
    .execute();
}
