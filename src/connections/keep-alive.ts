import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { AccessTokens } from './access-tokens.js';
import { RefreshStore } from './refresh-store.js';

const ROUND_EVERY_MS = 60_000;
const BATCH = 200;
const CONCURRENT = 4;

/** How a round went: connections looked at, and those whose refresh failed. */
export interface KeepAliveRound {
  readonly kept: number;
  readonly failed: number;
}

/**
 * Refreshes connections that lie idle, well before PagerDuty ends them. Any number of processes may do
 * so: the lease lets each refresh happen once.
 */
@Injectable()
export class KeepAlive implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(KeepAlive.name);
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(
    private readonly store: RefreshStore,
    private readonly accessTokens: AccessTokens,
  ) {}

  onApplicationBootstrap(): void {
    this.#schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  /** One round over all that is due now, a few at a time. */
  async run(): Promise<KeepAliveRound> {
    const total = { kept: 0, failed: 0 };
    const seen = new Set<string>();
    while (!this.#stopping) {
      // Those that failed are still due and come first: looking past them, nobody waits behind them.
      const found = await this.store.findDue(BATCH + seen.size);
      const due = found.filter((id) => !seen.has(id));
      if (due.length === 0) break;
      for (const id of due) seen.add(id);
      const queue = shuffled(due);
      await Promise.all(Array.from({ length: CONCURRENT }, () => this.#work(queue, total)));
    }
    if (total.kept + total.failed > 0) this.#logger.log(total, 'Idle connections were kept alive');
    return total;
  }

  async #work(queue: string[], total: { kept: number; failed: number }): Promise<void> {
    for (let id = queue.pop(); id !== undefined && !this.#stopping; id = queue.pop()) {
      try {
        await this.accessTokens.keepAlive(id);
        total.kept += 1;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        total.failed += 1;
        this.#logger.warn(
          { connection_id: id, code: error.code },
          'A connection could not be kept alive',
        );
      }
    }
  }

  #schedule(): void {
    // Processes that started together do not look together.
    const delayMs = ROUND_EVERY_MS * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => {
      this.#round = this.#runQuietly().then(() => this.#stopping || this.#schedule());
    }, delayMs).unref();
  }

  async #runQuietly(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.#logger.error(
        { err: error },
        'A keep-alive round failed; the next one comes in a minute',
      );
    }
  }
}

/** Several processes that found the same connections start at different ends. */
function shuffled(ids: readonly string[]): string[] {
  return ids
    .map((id) => ({ id, order: Math.random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ id }) => id);
}
