import {
  sql,
  type Expression,
  type ExpressionBuilder,
  type Selectable,
  type SqlBool,
} from 'kysely';
import type { Database } from '../database/database.js';
import type { ConnectionsTable, Schema } from '../database/schema.js';
import { sealedPrefixOf } from './sealer.js';

const TABLE = 'connections';
const COLUMNS = ['id', 'sealed_access_token', 'sealed_refresh_token'] as const;

/** Few enough that a refresh which meets the batch's transaction waits for some tens of milliseconds. */
const BATCH_ROWS = 50;

/** A connection's tokens as they are stored. */
export type SealedRow = Pick<Selectable<ConnectionsTable>, (typeof COLUMNS)[number]>;

/** A row as it was read, and its tokens under another key. */
export interface ResealedRow {
  readonly read: SealedRow;
  readonly anew: Omit<SealedRow, 'id'>;
}

type Condition = (eb: ExpressionBuilder<Schema, typeof TABLE>) => Expression<SqlBool>;

/** The connections table as a key rotation sees it: a row is left where one of its tokens is not under `keyId`. */
export class SealedRows {
  readonly #isLeft: Condition;

  constructor(
    private readonly database: Database,
    keyId: string,
  ) {
    this.#isLeft = isNotUnder(keyId);
  }

  /** All rows, or those left, in batches by primary key: none is met twice. */
  async *batches(which: 'all' | 'left'): AsyncGenerator<readonly SealedRow[], void> {
    const all = this.database.selectFrom(TABLE).select(COLUMNS).orderBy('id').limit(BATCH_ROWS);
    const wanted = which === 'left' ? all.where(this.#isLeft) : all;
    for (let after: string | undefined = ''; after !== undefined;) {
      const rows: readonly SealedRow[] = await wanted.where('id', '>', after).execute();
      if (rows.length > 0) yield rows;
      after = rows.at(-1)?.id;
    }
  }

  async countLeft(): Promise<number> {
    const { count } = await this.database
      .selectFrom(TABLE)
      .select(({ fn }) => fn.countAll().as('count'))
      .where(this.#isLeft)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** Those of the rows that are left. */
  async readLeft(ids: readonly string[]): Promise<readonly SealedRow[]> {
    if (ids.length === 0) return [];
    const query = this.database.selectFrom(TABLE).select(COLUMNS);
    return query.where('id', 'in', ids).where(this.#isLeft).execute();
  }

  /**
   * Puts the same tokens, sealed anew, in the place of exactly those that were read, in one transaction.
   * Whoever writes tokens seals at least the access token anew, and no text is ever sealed twice alike.
   * @returns the ids of the rows where other tokens were meanwhile, or none
   */
  async replace(resealed: readonly ResealedRow[]): Promise<readonly string[]> {
    return this.database.transaction().execute(async (transaction) => {
      const overtaken: string[] = [];
      for (const { read, anew } of resealed) {
        const { numUpdatedRows } = await transaction
          .updateTable(TABLE)
          .set(anew)
          .where('id', '=', read.id)
          .where('sealed_access_token', '=', read.sealed_access_token)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) overtaken.push(read.id);
      }
      return overtaken;
    });
  }
}

/** By the text's start and not by LIKE, to which the `_` that a key id may hold is any character. */
function isNotUnder(keyId: string): Condition {
  const prefix = sealedPrefixOf(keyId);
  const startOf = (column: Expression<string | null>) =>
    sql<string | null>`substr(${column}, 1, ${sql.lit(prefix.length)})`;
  return (eb) =>
    eb.or([
      eb(startOf(eb.ref('sealed_access_token')), '!=', prefix),
      eb(startOf(eb.ref('sealed_refresh_token')), '!=', prefix),
    ]);
}
