import { Injectable, Logger } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { Clock } from '../common/clock.js';
import type { Secret } from '../common/secret.js';
import { ClientCredentials } from '../pagerduty/identity/client-credentials.js';
import { clientRejected } from '../pagerduty/identity/token-refusal.js';
import { TokenEndpoint } from '../pagerduty/identity/token-endpoint.js';
import type { TokenSet } from '../pagerduty/identity/token-set.js';
import { TransportError } from '../pagerduty/transport-error.js';
import { NewTokens } from './new-tokens.js';
import type { ReconnectReason } from './reconnect-reason.js';
import { RefreshBackOff } from './refresh-back-off.js';
import { classifyRefreshFailure } from './refresh-outcome.js';
import { RefreshStore } from './refresh-store.js';
import { ReplicaPresence } from './replica-presence.js';
import { UnsealError } from './sealer.js';
import { refreshTokenOf, TokenCipher } from './token-cipher.js';
import { lifeLeftMs, type TokenRecord } from './token-record.js';

/** A process that only waits for the database to come back writes within this time of its return. */
const OVERRUN_MS = 1_500;

/** What came of one look at a connection that needs new tokens. Who asked reads the row again. */
export type Attempt = 'done' | 'held_by_another';

/** Makes one refresh happen, under a lease that all replicas respect. */
@Injectable()
export class Refresher {
  readonly #logger = new Logger(Refresher.name);

  constructor(
    private readonly store: RefreshStore,
    private readonly presence: ReplicaPresence,
    private readonly tokenEndpoint: TokenEndpoint,
    private readonly credentials: ClientCredentials,
    private readonly cipher: TokenCipher,
    private readonly backOff: RefreshBackOff,
    private readonly clock: Clock,
    private readonly newTokens: NewTokens,
  ) {}

  /**
   * Refreshes the tokens of `record`, unless somebody else is at it.
   * @throws AppError as {@link TokenEndpoint.refresh}, `storage_unavailable`; the connection stays usable
   */
  async attempt(record: TokenRecord): Promise<Attempt> {
    this.newTokens.assertWritten(record.id);
    const refreshToken = this.#openRefreshToken(record);
    if (!refreshToken)
      return this.#giveUp(record, record.sealedRefreshToken ? 'unreadable' : 'no_refresh_token');
    if (!(await this.#isLeaseFree(record))) return 'held_by_another';
    if (!this.credentials.mayTry()) throw clientRejected();
    const { leaseOwner } = record;
    if (!(await this.store.takeLease(record, this.presence.id, leaseOwner)))
      return 'held_by_another';
    await this.#refresh(record, refreshToken);
    return 'done';
  }

  #openRefreshToken({ id, sealedRefreshToken }: TokenRecord): Secret | undefined {
    if (sealedRefreshToken === undefined) return undefined;
    try {
      return this.cipher.open(sealedRefreshToken, refreshTokenOf(id));
    } catch (error) {
      if (error instanceof UnsealError) return undefined;
      throw error;
    }
  }

  /**
   * A lease is free where nobody has it, where it is left over of this process (which makes one attempt
   * at a time), or of a dead one. A live process that has overrun its lease may still hold an answer:
   * its token is not sent again, and once the old access token is of no use either, that is said.
   */
  async #isLeaseFree(record: TokenRecord): Promise<boolean> {
    const { leaseOwner, leaseUntilMs = 0, nowMs } = record;
    if (leaseOwner === undefined || leaseOwner === this.presence.id) return true;
    if (await this.presence.isGone(leaseOwner)) return true;
    if (nowMs > leaseUntilMs + OVERRUN_MS && lifeLeftMs(record) <= 0)
      await this.#giveUp(record, 'answer_lost');
    return false;
  }

  async #refresh(record: TokenRecord, refreshToken: Secret): Promise<void> {
    const startedAtMs = this.clock.now();
    let tokenSet: TokenSet;
    try {
      tokenSet = await this.#send(refreshToken);
    } catch (error) {
      return this.#readFailure(record, error);
    }
    this.backOff.succeeded(record.id);
    await this.newTokens.write(record, tokenSet, startedAtMs);
  }

  /** Sends the refresh token, and once more at once where it surely never left. */
  async #send(refreshToken: Secret): Promise<TokenSet> {
    try {
      return await this.tokenEndpoint.refresh(refreshToken);
    } catch (error) {
      if (!isNeverSent(error)) throw error;
      return this.tokenEndpoint.refresh(refreshToken);
    }
  }

  async #readFailure(record: TokenRecord, error: unknown): Promise<void> {
    const wasOpen = record.refreshStartedAtMs !== undefined;
    const failure = classifyRefreshFailure(error);
    if (failure === 'grant_refused') {
      await this.#giveUp(record, wasOpen ? 'answer_lost' : 'ended_at_pagerduty');
      return;
    }
    const journal = failure === 'unspent' && !wasOpen ? 'closed' : 'open';
    await this.store.release(record, this.presence.id, journal);
    if (error instanceof AppError && error.code !== 'client_rejected')
      this.backOff.failed(record.id, error);
    throw error;
  }

  async #giveUp(record: TokenRecord, reason: ReconnectReason): Promise<Attempt> {
    const wasCurrent = await this.store.requireReconnect(record, reason);
    if (wasCurrent)
      this.#logger.warn(
        { connection_id: record.id, reason },
        'A connection needs its person again',
      );
    return 'done';
  }
}

function isNeverSent(error: unknown): boolean {
  return (
    error instanceof AppError && error.cause instanceof TransportError && error.cause.neverSent
  );
}
