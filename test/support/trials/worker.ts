import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

const PROGRAM = join(import.meta.dirname, 'worker-program.ts');

const report = z.object({ number: z.int(), result: z.unknown() });
const outcome = z.object({
  /** An error's code, or `ok`. */
  code: z.string(),
  status: z.int(),
  accessToken: z.string().optional(),
  expiresAtMs: z.number().optional(),
  tookMs: z.number(),
});
const round = z.object({ kept: z.int(), failed: z.int() });

/** What one caller of `AccessTokens.fresh` got. */
export type Outcome = z.output<typeof outcome>;

/** How many got what, by code. */
export function tally(outcomes: readonly Outcome[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(outcomes, ({ code }) => code);
  return Object.fromEntries([...groups].map(([code, { length }]) => [code, length]));
}

/** One replica of the built program, as a process of its own that a test may freeze and kill. */
export class Worker {
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #orders = 0;

  private constructor(private readonly program: ChildProcess) {
    program.on('message', (message) => {
      const { number, result } = report.parse(message);
      this.#waiting.get(number)?.resolve(result);
      this.#waiting.delete(number);
    });
    program.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the worker has ended'));
    });
  }

  /** @param env the whole environment of the process */
  static async start(build: string, env: Readonly<Record<string, string>>): Promise<Worker> {
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const worker = new Worker(fork(PROGRAM, [build], { execArgv: [], env, stdio: [...stdio] }));
    await worker.#hear(0);
    return worker;
  }

  get isAlive(): boolean {
    return this.program.exitCode === null && this.program.signalCode === null;
  }

  /** So many callers ask for the connection's token at once. */
  async fresh(id: string, callers: number): Promise<readonly Outcome[]> {
    return z.array(outcome).parse(await this.#order('fresh', id, callers));
  }

  /** One caller does. */
  async freshOne(id: string): Promise<Outcome> {
    const [only] = await this.fresh(id, 1);
    if (!only) throw new RangeError('the worker told nothing');
    return only;
  }

  /** As the page's button does: forgets, and revokes. */
  async disconnect(id: string): Promise<void> {
    await this.#order('disconnect', id);
  }

  async keepAlive(): Promise<z.output<typeof round>> {
    return round.parse(await this.#order('keep alive'));
  }

  /** Its name in leases. */
  async presence(): Promise<string> {
    return z.string().parse(await this.#order('presence'));
  }

  freeze(): void {
    this.program.kill('SIGSTOP');
  }

  thaw(): void {
    this.program.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (!this.isAlive) return;
    const ended = once(this.program, 'exit');
    this.program.kill('SIGKILL');
    await ended;
  }

  async #order(kind: string, id = '', callers = 0): Promise<unknown> {
    this.#orders += 1;
    const told = this.#hear(this.#orders);
    this.program.send({ number: this.#orders, kind, id, callers });
    return told;
  }

  async #hear(number: number): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(number, waiting);
    return waiting.promise;
  }
}
