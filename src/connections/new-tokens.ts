import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { Clock } from '../common/clock.js';
import { TokenEndpoint } from '../pagerduty/identity/token-endpoint.js';
import type { TokenSet } from '../pagerduty/identity/token-set.js';
import { Pause } from '../pagerduty/pause.js';
import { RefreshStore } from './refresh-store.js';
import type { TokenRecord } from './token-record.js';

const WRITE_AGAIN_MS = 250;

/** New tokens on their way into the database: there is no second copy of them anywhere. */
@Injectable()
export class NewTokens implements BeforeApplicationShutdown {
  readonly #logger = new Logger(NewTokens.name);
  readonly #unwritten = new Map<string, Promise<void>>();

  constructor(
    private readonly store: RefreshStore,
    private readonly tokenEndpoint: TokenEndpoint,
    private readonly clock: Clock,
    private readonly pause: Pause,
  ) {}

  /** @throws AppError `storage_unavailable` while tokens of the connection are in hand */
  assertWritten(id: string): void {
    if (!this.#unwritten.has(id)) return;
    throw new AppError(
      'storage_unavailable',
      'New tokens are in hand and cannot be written yet. Try again in a moment.',
    );
  }

  /**
   * Writes them before anybody gets one. While the database is away it keeps at it behind the caller's back.
   * @param startedAtMs when the refresh began: from then on, at the latest, the new token's life counts
   * @throws AppError `storage_unavailable`
   */
  async write(record: TokenRecord, tokenSet: TokenSet, startedAtMs: number): Promise<void> {
    const { id } = record;
    const scope = tokenSet.scope ?? record.scope;
    this.#warnOfNarrowerScope(record, scope);
    const writeOnce = async (): Promise<void> => {
      const ageMs = this.clock.now() - startedAtMs;
      const isCurrent = await this.store.commit(record, { ...tokenSet, scope }, ageMs);
      if (!isCurrent) await this.#revoke(id, tokenSet);
    };
    try {
      await writeOnce();
    } catch (error) {
      if (isStorageAway(error)) this.#unwritten.set(id, this.#keepWriting(id, writeOnce));
      throw error;
    }
  }

  /** A process that stops must not take an answer with it. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#unwritten.values());
  }

  async #keepWriting(id: string, writeOnce: () => Promise<void>): Promise<void> {
    const facts = { connection_id: id };
    this.#logger.error(
      facts,
      'New tokens are in hand and the database is away; writing is tried on',
    );
    for (let isWritten = false; !isWritten;) {
      await this.pause.forMs(WRITE_AGAIN_MS);
      try {
        await writeOnce();
        isWritten = true;
      } catch (error) {
        if (isStorageAway(error)) continue;
        this.#logger.error({ ...facts, err: error }, 'New tokens cannot be written, and are lost');
        isWritten = true;
      }
    }
    this.#unwritten.delete(id);
  }

  /** Disconnected or connected anew meanwhile: what came late must not live on unseen. */
  async #revoke(id: string, { accessToken, refreshToken }: TokenSet): Promise<void> {
    this.#logger.warn({ connection_id: id }, 'A refresh was overtaken; its tokens are revoked');
    if (refreshToken) await this.tokenEndpoint.revoke(refreshToken);
    await this.tokenEndpoint.revoke(accessToken);
  }

  #warnOfNarrowerScope({ id, scope: held }: TokenRecord, scope: readonly string[]): void {
    const missing = held.filter((word) => !scope.includes(word));
    if (missing.length === 0) return;
    this.#logger.warn({ connection_id: id, missing }, 'PagerDuty narrowed the scope at a refresh');
  }
}

function isStorageAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'storage_unavailable';
}
