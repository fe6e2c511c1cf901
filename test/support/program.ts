import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const GAUGE = resolve('test/support/memory-gauge.ts');
// With room to spare V8 rather grows than cleans up, and what is measured would be its choice.
const GAUGED = ['--expose-gc', '--max-old-space-size=256', '--max-semi-space-size=8'];
const memory = z.object({ rss: z.number(), heapUsed: z.number(), external: z.number() });

/** What a process holds after a full garbage collection, in bytes. */
export type Memory = z.output<typeof memory>;

/** How the program ended: with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a program is started with. */
export interface Launch {
  /** The whole environment: nothing of this process's own gets through. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the built program. */
  readonly build: string;
  /** The folder it runs in, where `.env` and `data` are looked for. */
  readonly folder: string;
  /** Whether it can be asked for its {@link Memory}. */
  readonly gauged?: boolean;
}

/** The built program as a process of its own. */
export class Program implements AsyncDisposable {
  /** All that it has written so far. */
  stdout = '';
  stderr = '';
  /** Kept when both outputs are complete. */
  readonly exit: Promise<Exit>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exit = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  }

  static launch({ env, build, folder, gauged }: Launch): Program {
    const main = resolve(build, 'main.js');
    const options = { env, cwd: folder };
    if (!gauged) return new Program(spawn(process.execPath, [main], options));
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
    const args = [...GAUGED, '--import', GAUGE, main];
    return new Program(spawn(process.execPath, args, { ...options, stdio: [...stdio] }));
  }

  /** The log so far, line by line. */
  get lines(): readonly string[] {
    return this.stdout.split('\n').filter(Boolean);
  }

  /** @throws Error with what it said, where it ends instead of opening its port */
  async opened(): Promise<this> {
    const ended = this.exit.then(() => 'ended');
    while (!/"msg":"Open /.test(this.stdout)) {
      const next = await Promise.race([once(this.child.stdout ?? this.child, 'data'), ended]);
      if (next === 'ended') throw new Error(`the program ended: ${this.stderr}`);
    }
    return this;
  }

  async measureMemory(): Promise<Memory> {
    this.child.send('how much memory?');
    const [told] = await once(this.child, 'message');
    return memory.parse(told);
  }

  /** Asks it to end, as an orchestrator does. */
  async terminate(): Promise<Exit> {
    this.child.kill('SIGTERM');
    return this.exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }
}

/** An empty folder that is gone with the scope it is made for. */
export class ScratchFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async make(): Promise<ScratchFolder> {
    return new ScratchFolder(await mkdtemp(join(tmpdir(), 'pagerduty-connect-')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}
