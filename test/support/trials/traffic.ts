import { setTimeout as passTime } from 'node:timers/promises';
import type { Outcome, Worker } from './worker.js';

const ASKED_EVERY_MS = 50;

/** Somebody who asks for one token over and over. */
export class Traffic {
  readonly #heard: Outcome[] = [];
  readonly #asking: Promise<void>;
  #isOver = false;

  constructor(worker: Worker, id: string) {
    this.#asking = this.#ask(worker, id);
  }

  async stop(): Promise<readonly Outcome[]> {
    this.#isOver = true;
    await this.#asking;
    return this.#heard;
  }

  async #ask(worker: Worker, id: string): Promise<void> {
    while (!this.#isOver) {
      this.#heard.push(await worker.freshOne(id));
      await passTime(ASKED_EVERY_MS);
    }
  }
}
