import { Injectable } from '@nestjs/common';
import type { AppError } from '../common/app-error.js';
import { Clock } from '../common/clock.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

interface Wait {
  readonly untilMs: number;
  readonly failures: number;
  readonly error: AppError;
}

/** Spaces a connection's refreshes after failures: 1 s, doubling to a minute, with jitter, or as PagerDuty asked. */
@Injectable()
export class RefreshBackOff {
  readonly #waits = new Map<string, Wait>();

  constructor(private readonly clock: Clock) {}

  /** The failure that is being waited out, if any. */
  current(id: string): AppError | undefined {
    const wait = this.#waits.get(id);
    return wait && wait.untilMs > this.clock.now() ? wait.error : undefined;
  }

  failed(id: string, error: AppError): void {
    const failures = (this.#waits.get(id)?.failures ?? 0) + 1;
    const ownMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
    const askedMs = (error.retryAfterS ?? 0) * 1000;
    const waitMs = Math.max(askedMs, ownMs) * (1 + Math.random() / 4);
    this.#waits.set(id, { failures, error, untilMs: this.clock.now() + waitMs });
  }

  succeeded(id: string): void {
    this.#waits.delete(id);
  }
}
