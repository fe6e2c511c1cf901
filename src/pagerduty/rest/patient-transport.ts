import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { readRetryAfterS } from '../answer-errors.js';
import { HttpTransport, type TransportAnswer, type TransportRequest } from '../http-transport.js';
import { Pause } from '../pause.js';
import { TimeBudget } from '../time-budget.js';
import { TransportError } from '../transport-error.js';

const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_WAIT_MS = 200;
// A 429 may come without a word on when to return; at once would only prolong it.
const FIRST_LIMITED_WAIT_MS = 1_000;
const JITTER_SHARE = 0.25;
// An attempt with less time than this would only turn a known trouble into a time-out.
const SHORTEST_ATTEMPT_MS = 500;

/** A safe request, and for how long in all it may be tried. */
export interface PatientRequest extends Pick<TransportRequest, 'headers' | 'maxBytes'> {
  readonly budgetMs: number;
}

type Outcome = TransportAnswer | TransportError;

/** GET requests that wait out short trouble: outages, limits and broken connections. */
@Injectable()
export class PatientTransport {
  constructor(
    private readonly transport: HttpTransport,
    private readonly pause: Pause,
    private readonly clock: Clock,
  ) {}

  /**
   * The first answer that is no passing trouble, or the last when the budget is spent.
   * @throws TransportError where the last attempt brought no answer
   */
  async get(url: string, { budgetMs, ...request }: PatientRequest): Promise<TransportAnswer> {
    const budget = new TimeBudget(this.clock, budgetMs);
    const send = (): Promise<Outcome> =>
      this.transport
        .request(url, { ...request, method: 'GET', deadlineMs: budget.leftMs() })
        .catch(keepTransportError);
    const outcome = await this.#insist(send, budget, 0);
    if (outcome instanceof TransportError) throw outcome;
    return outcome;
  }

  async #insist(
    send: () => Promise<Outcome>,
    budget: TimeBudget,
    retries: number,
  ): Promise<Outcome> {
    const outcome = await send();
    if (!isPassing(outcome)) return outcome;
    const waitMs = Math.ceil(
      waitBeforeRetryMs(outcome, retries) * (1 + Math.random() * JITTER_SHARE),
    );
    if (waitMs + SHORTEST_ATTEMPT_MS > budget.leftMs()) return outcome;
    await this.pause.forMs(waitMs);
    return this.#insist(send, budget, retries + 1);
  }
}

function keepTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  throw error;
}

function isPassing(outcome: Outcome): boolean {
  if (outcome instanceof TransportError) return outcome.failure !== 'too_large';
  return PASSING.has(outcome.status);
}

function waitBeforeRetryMs(outcome: Outcome, retries: number): number {
  if (outcome instanceof TransportError) return FIRST_WAIT_MS * 2 ** retries;
  const askedS = readRetryAfterS(outcome);
  if (askedS !== undefined) return askedS * 1000;
  return (outcome.status === 429 ? FIRST_LIMITED_WAIT_MS : FIRST_WAIT_MS) * 2 ** retries;
}
