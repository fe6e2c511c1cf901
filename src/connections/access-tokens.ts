import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { Clock } from '../common/clock.js';
import type { Secret } from '../common/secret.js';
import type { Region } from '../pagerduty/region.js';
import { Pause } from '../pagerduty/pause.js';
import { reconnectRequired } from './reconnect-reason.js';
import { RefreshBackOff } from './refresh-back-off.js';
import { RefreshStore } from './refresh-store.js';
import { Refresher } from './refresher.js';
import { UnsealError } from './sealer.js';
import { SharedReading } from './shared-reading.js';
import { accessTokenOf, TokenCipher } from './token-cipher.js';
import { lifeLeftMs, refreshMarginMs, type TokenRecord } from './token-record.js';

/** Longer than a refresh elsewhere can take, lease and all. */
const PATIENCE_MS = 25_000;
const LOOK_AGAIN_MS = 50;

/** What a caller may ask of a token. */
export interface FreshOptions {
  /** How long it must live on, in milliseconds; at most half of a token's life counts. */
  readonly minValidMs?: number | undefined;
  /** A token that PagerDuty refused: it is replaced, if it is still the current one. */
  readonly rejected?: Secret | undefined;
}

/** An access token that works now. */
export interface FreshToken {
  readonly accessToken: Secret;
  readonly expiresAtMs: number;
  readonly scope: readonly string[];
  readonly region: Region;
}

type Judgement = (record: TokenRecord, token: Secret) => boolean;

/** What ends a caller's waiting, and what it takes where refreshing fails. */
interface Demand {
  readonly isEnough: Judgement;
  readonly isBetterThanNone: Judgement;
}

/**
 * Fresh access tokens, however many ask: each refresh happens once, in one place, and its tokens are
 * written before anybody gets them.
 */
@Injectable()
export class AccessTokens implements BeforeApplicationShutdown {
  readonly #flights = new Map<string, Promise<void>>();
  readonly #records = new SharedReading((id) => this.store.read(id));

  constructor(
    private readonly store: RefreshStore,
    private readonly refresher: Refresher,
    private readonly backOff: RefreshBackOff,
    private readonly cipher: TokenCipher,
    private readonly clock: Clock,
    private readonly pause: Pause,
  ) {}

  /**
   * A token of the connection, refreshed first where needed. While refreshing fails, a token that still
   * lives is given.
   * @throws AppError `not_found`, `reconnect_required`, `client_rejected`, `rate_limited`,
   * `pagerduty_unavailable`, `storage_unavailable`
   */
  async fresh(id: string, options: FreshOptions = {}): Promise<FreshToken> {
    return this.#until(id, {
      isEnough: (record, token) => isFreshEnough(record, token, options),
      isBetterThanNone: (record, token) =>
        lifeLeftMs(record) > 0 && !isSame(token, options.rejected),
    });
  }

  /**
   * Refreshes a connection that has lain idle, unless somebody did so since it was found.
   * @throws AppError as {@link fresh}
   */
  async keepAlive(id: string): Promise<void> {
    await this.#until(id, {
      isEnough: ({ keepAliveDueAtMs, nowMs }) => keepAliveDueAtMs > nowMs,
      isBetterThanNone: () => false,
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.#flights.values());
  }

  async #until(id: string, { isEnough, isBetterThanNone }: Demand): Promise<FreshToken> {
    const giveUpAtMs = this.clock.now() + PATIENCE_MS;
    for (;;) {
      const record = await this.#readActive(id);
      const token = await this.#open(record);
      if (!token) continue;
      const given = {
        accessToken: token,
        expiresAtMs: record.accessTokenExpiresAtMs,
        scope: record.scope,
        region: record.region,
      };
      if (isEnough(record, token)) return given;
      try {
        if (this.clock.now() > giveUpAtMs) throw takesTooLong();
        await this.#refreshOnce(record);
      } catch (error) {
        if (isBetterThanNone(record, token)) return given;
        throw error;
      }
    }
  }

  async #readActive(id: string): Promise<TokenRecord> {
    const record = await this.#records.of(id);
    if (!record) throw new AppError('not_found', 'There is no such connection.');
    if (record.status === 'reconnect_required') throw reconnectRequired(record.statusReason);
    return record;
  }

  /** A token that does not open was altered, or its key is gone: only the person can help then. */
  async #open(record: TokenRecord): Promise<Secret | undefined> {
    try {
      return this.cipher.open(record.sealedAccessToken, accessTokenOf(record.id));
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      await this.store.requireReconnect(record, 'unreadable');
      return undefined;
    }
  }

  /** One attempt for each connection at a time in this process; whoever comes meanwhile shares its end. */
  async #refreshOnce(record: TokenRecord): Promise<void> {
    const { id } = record;
    const running = this.#flights.get(id);
    if (running) return running;
    const waitingOut = this.backOff.current(id);
    if (waitingOut) throw waitingOut;
    const flight = this.#attempt(record).finally(() => this.#flights.delete(id));
    this.#flights.set(id, flight);
    return flight;
  }

  async #attempt(record: TokenRecord): Promise<void> {
    const outcome = await this.refresher.attempt(record);
    if (outcome === 'held_by_another') await this.pause.forMs(LOOK_AGAIN_MS * (1 + Math.random()));
  }
}

function isFreshEnough(
  record: TokenRecord,
  token: Secret,
  { minValidMs, rejected }: FreshOptions,
): boolean {
  if (isSame(token, rejected)) return false;
  const wholeLifeMs = record.accessTokenExpiresAtMs - record.accessTokenIssuedAtMs;
  const neededMs =
    minValidMs === undefined ? refreshMarginMs(record) : Math.min(minValidMs, wholeLifeMs / 2);
  return lifeLeftMs(record) > neededMs;
}

function isSame(token: Secret, other: Secret | undefined): boolean {
  return other !== undefined && token.reveal() === other.reveal();
}

function takesTooLong(): AppError {
  return new AppError(
    'pagerduty_unavailable',
    'Another process is refreshing this connection, and takes too long. Try again.',
    { status: 504 },
  );
}
