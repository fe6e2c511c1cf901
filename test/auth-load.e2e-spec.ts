import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Pool } from 'undici';
import { buildProgram } from './support/built-program.js';
import { freePort } from './support/free-port.js';
import { Program, ScratchFolder, type Memory } from './support/program.js';

const TIMEOUT_MS = 300_000;
const WARM_UP = 2_000;
const REQUESTS = 20_000;
const CONNECTIONS = 16;
const MIB = 1024 * 1024;

describe('20,000 flows that nobody finishes', () => {
  let folder: ScratchFolder;
  let program: Program;
  let pool: Pool;
  let before: Memory;
  let after: Memory;

  beforeAll(async () => {
    folder = await ScratchFolder.make();
    const PORT = String(await freePort());
    const url = `http://localhost:${PORT}`;
    program = Program.launch({
      build: await buildProgram(),
      folder: folder.path,
      gauged: true,
      env: {
        PORT,
        REDIRECT_URI: `${url}/callback`,
        PD_CLIENT_ID: 'client',
        PD_CLIENT_SECRET: 'secret',
        DATABASE_URL: 'sqlite:rows.sqlite',
      },
    });
    await program.opened();
    pool = new Pool(url, { connections: CONNECTIONS });
    await startFlows(pool, WARM_UP);
    before = await program.measureMemory();
    await startFlows(pool, REQUESTS);
    after = await program.measureMemory();
    await pool.close();
    await program.terminate();
  }, TIMEOUT_MS);
  afterAll(async () => {
    await program[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('leave no row', () => {
    const database = new DatabaseSync(join(folder.path, 'rows.sqlite'), { readOnly: true });
    const count = (table: string) =>
      database.prepare(`select count(*) as rows from ${table}`).get()?.['rows'];
    expect({ connections: count('connections'), sessions: count('sessions') }).toEqual({
      connections: 0,
      sessions: 0,
    });
    database.close();
  });

  it('leave nothing alive in memory', () => {
    const held = ({ heapUsed, external }: Memory): number => heapUsed + external;
    const bytesForEach = (held(after) - held(before)) / REQUESTS;
    expect(bytesForEach).toBeLessThan(100);
  });

  it('make the process grow by no more than 32 MiB', () => {
    expect((after.rss - before.rss) / MIB).toBeLessThan(32);
  });
});

/** Goes to `/auth` that often, over a few kept connections, each time as a browser that is new. */
async function startFlows(pool: Pool, times: number): Promise<void> {
  let left = times;
  const visit = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { statusCode, headers, body } = await pool.request({ path: '/auth', method: 'GET' });
      await body.dump();
      if (statusCode !== 302 || !headers['set-cookie']) throw new Error(`/auth: ${statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, visit));
}
