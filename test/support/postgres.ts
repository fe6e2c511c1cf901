import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port.js';

const PROGRAM = join(import.meta.dirname, 'postgres-program.ts');

/**
 * A real PostgreSQL on a loopback port of its own, for one suite. It ends with `close`, and with the
 * process that started it.
 */
export class PostgresServer {
  #databases = 0;

  private constructor(
    readonly port: number,
    private readonly password: string,
    private readonly program: ChildProcess,
  ) {}

  static async start(): Promise<PostgresServer> {
    const port = await freePort();
    const password = randomBytes(12).toString('base64url');
    const program = fork(PROGRAM, [String(port), password], { execArgv: [] });
    const server = new PostgresServer(port, password, program);
    await server.#hear('created');
    await server.resume();
    // A suite that forgets to close it ends all the same.
    program.unref();
    program.channel?.unref();
    return server;
  }

  /** A fresh, empty database; gives its `DATABASE_URL`. */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `database_${this.#databases}`;
    await this.query(`create database ${name}`);
    return this.#url(name);
  }

  /** Ends every connection to every database, as a failover does; gives how many there were. */
  async terminateBackends(): Promise<number> {
    const ended = await this.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return ended.length;
  }

  /** Stops it: in order, or at once, so that its next start has to recover. */
  async stop(how: 'in order' | 'at once' = 'in order'): Promise<void> {
    await this.#order(how === 'in order' ? 'stop' : 'crash');
  }

  /** Starts it again, on the same port, with all that was committed. */
  async resume(): Promise<void> {
    await this.#order('start');
  }

  /** Asks the server itself, as its owner. */
  async query(sql: string, url = this.#url('postgres')): Promise<readonly unknown[]> {
    const client = new Client(url);
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(sql);
      return rows;
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    const { program } = this;
    if (program.exitCode !== null || program.signalCode !== null) return;
    program.ref();
    const ended = once(program, 'exit');
    program.disconnect();
    await ended;
  }

  #url(database: string): string {
    return `postgres://postgres:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  async #order(order: string): Promise<void> {
    const done = this.#hear(order);
    this.program.send(order);
    await done;
  }

  /** Waits for the program's next word, or for its end. */
  async #hear(expected: string): Promise<void> {
    const { program } = this;
    const word = await new Promise<unknown>((resolve, reject) => {
      const onEnd = () => reject(new Error('PostgreSQL could not be started; see above.'));
      program.once('exit', onEnd);
      program.once('message', (message) => {
        program.off('exit', onEnd);
        resolve(message);
      });
    });
    if (word !== expected) throw new Error(`expected ${expected}, not ${String(word)}`);
  }
}
