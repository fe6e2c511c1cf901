import { Clock } from '../../src/common/clock.js';

/** The real time, which a test may move on. */
export class TestClock extends Clock {
  #offsetMs = 0;

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  advance(ms: number): void {
    this.#offsetMs += ms;
  }
}
