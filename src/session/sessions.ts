import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { CompiledQuery, Kysely } from 'kysely';
import { Clock } from '../common/clock.js';
import type { Secret } from '../common/secret.js';
import { toConnection } from '../connections/connection-row.js';
import { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { noteFinishedFlow, type FinishedFlow } from './finished-flows.js';
import { expiryOf, type Session, type SignedIn } from './session.js';
import { compileFindBy, toSession, type SignedInRow } from './session-row.js';
import { hashSessionToken, makeSessionToken } from './session-token.js';

const TABLE = 'sessions';
const LAST_SEEN_EVERY_MS = 5 * 60 * 1000;

/** What a sign-in begins a session with. */
export interface SessionStart {
  readonly connectionId: string;
  /** The sign-in that it comes from: a callback that arrives twice begins two sessions with one flow. */
  readonly flow?: Omit<FinishedFlow, 'connectionId'> | undefined;
  /** The browser's session until now: it ends. */
  readonly replaces?: Secret | undefined;
}

/**
 * Who is signed in: 12 hours without use, 7 days at most, ended here and not only in the browser.
 * Every method rejects with AppError `storage_unavailable` where the database is away.
 */
@Injectable()
export class Sessions implements OnApplicationBootstrap {
  readonly #findByToken: CompiledQuery<SignedInRow>;
  readonly #findByFlow: CompiledQuery<SignedInRow>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.#findByToken = compileFindBy(database, 'token_hash');
    this.#findByFlow = compileFindBy(database, 'flow_hash');
  }

  async onApplicationBootstrap(): Promise<void> {
    await deleteExpired(this.database, this.clock.now());
  }

  /** Gives the token for the browser's cookie: it is told here once and stored nowhere. */
  async start(start: SessionStart): Promise<{ readonly token: Secret; readonly session: Session }> {
    const { connectionId, flow, replaces } = start;
    const nowMs = this.clock.now();
    const token = makeSessionToken();
    const row = {
      token_hash: hashSessionToken(token),
      connection_id: connectionId,
      flow_hash: flow?.hash ?? null,
      started_at_ms: nowMs,
      last_seen_at_ms: nowMs,
      expires_at_ms: expiryOf(nowMs, nowMs),
    };
    // On its own: within the transaction its locks could cross those of a disconnect.
    await deleteExpired(this.database, nowMs);
    await this.database.transaction().execute(async (transaction) => {
      if (replaces) await deleteByHash(transaction, hashSessionToken(replaces));
      await transaction.insertInto(TABLE).values(row).execute();
      if (flow) await noteFinishedFlow(transaction, { ...flow, connectionId }, nowMs);
    });
    return { token, session: toSession(row) };
  }

  /** The live session of a token and its connection, in one query; using it keeps it alive. */
  async find(token: Secret): Promise<SignedIn | undefined> {
    const tokenHash = hashSessionToken(token);
    const signedIn = await this.#findLive(this.#findByToken, tokenHash);
    if (!signedIn) return undefined;
    return { ...signedIn, session: await this.#touch(tokenHash, signedIn.session) };
  }

  /** The live session that a sign-in began, such as for a callback that arrives twice. */
  async findByFlow(flowHash: string): Promise<SignedIn | undefined> {
    return this.#findLive(this.#findByFlow, flowHash);
  }

  /** Signs the browser out, on the server, with whatever else came of the same sign-in. */
  async end(token: Secret): Promise<void> {
    const tokenHash = hashSessionToken(token);
    const flowOfToken = this.database
      .selectFrom(TABLE)
      .select('flow_hash')
      .where('token_hash', '=', tokenHash);
    await this.database
      .deleteFrom(TABLE)
      .where((row) =>
        row.or([row('token_hash', '=', tokenHash), row('flow_hash', '=', flowOfToken)]),
      )
      .execute();
  }

  async #findLive(query: CompiledQuery<SignedInRow>, value: string): Promise<SignedIn | undefined> {
    const { rows } = await this.database.executeQuery<SignedInRow>({
      ...query,
      parameters: [value],
    });
    const [row] = rows;
    if (!row) return undefined;
    if (row.expires_at_ms > this.clock.now()) {
      return { session: toSession(row), connection: toConnection(row) };
    }
    await deleteByHash(this.database, row.token_hash);
    return undefined;
  }

  /** Writes at most once in five minutes, however often the browser comes. */
  async #touch(tokenHash: string, session: Session): Promise<Session> {
    const nowMs = this.clock.now();
    if (nowMs - session.lastSeenAtMs < LAST_SEEN_EVERY_MS) return session;
    const expiresAtMs = expiryOf(session.startedAtMs, nowMs);
    await this.database
      .updateTable(TABLE)
      .set({ last_seen_at_ms: nowMs, expires_at_ms: expiresAtMs })
      .where('token_hash', '=', tokenHash)
      .execute();
    return { ...session, lastSeenAtMs: nowMs, expiresAtMs };
  }
}

async function deleteByHash(database: Kysely<Schema>, tokenHash: string): Promise<void> {
  await database.deleteFrom(TABLE).where('token_hash', '=', tokenHash).execute();
}

async function deleteExpired(database: Kysely<Schema>, nowMs: number): Promise<void> {
  await database.deleteFrom(TABLE).where('expires_at_ms', '<=', nowMs).execute();
}
