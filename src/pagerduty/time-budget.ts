import type { Clock } from '../common/clock.js';

/** A span of time that several requests and waits share, counted from its making. */
export class TimeBudget {
  readonly #endsAtMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly totalMs: number,
  ) {
    this.#endsAtMs = clock.now() + totalMs;
  }

  /** Whole milliseconds from 0 to the total, even where the machine's clock is set back meanwhile. */
  leftMs(): number {
    return Math.min(this.totalMs, Math.max(0, this.#endsAtMs - this.clock.now()));
  }
}
