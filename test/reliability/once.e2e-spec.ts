import { buildProgram } from '../support/built-program.js';
import { PostgresServer } from '../support/postgres.js';
import { rounds, tell } from '../support/trials/figures.js';
import { TrialGround } from '../support/trials/trial-ground.js';
import { tally, type Worker } from '../support/trials/worker.js';

const BUILD_TIMEOUT_MS = 180_000;
const ROUNDS = rounds(5, 50);
const PROCESSES = 4;
const CALLERS = 250;
const DUE = rounds(1_000, 10_000);
const DUE_PROCESSES = rounds(4, 8);
const MINUTE_MS = 60_000;
const TEN_DAYS_MS = 864_000_000;

describe('On one PostgreSQL', () => {
  let server: PostgresServer;
  let ground: TrialGround;
  let workers: readonly Worker[];

  beforeAll(async () => {
    const build = await buildProgram();
    server = await PostgresServer.start();
    ground = await TrialGround.lay(build, await server.createDatabase());
    workers = await ground.startWorkers(Math.max(PROCESSES, DUE_PROCESSES));
  }, BUILD_TIMEOUT_MS);
  afterAll(async () => {
    await ground[Symbol.asyncDispose]();
    await server.close();
  });

  const grantsEnded = () => ground.sandbox.grants().filter(({ endedBecause }) => endedBecause);

  it(
    `${PROCESSES} processes with ${CALLERS} callers each refresh one expired token once, in ${ROUNDS} of ${ROUNDS} rounds`,
    async () => {
      const slowestMs: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const id = await ground.connectOne();
        const asked = workers.slice(0, PROCESSES).map((worker) => worker.fresh(id, CALLERS));
        const outcomes = (await Promise.all(asked)).flat();
        expect(tally(outcomes)).toEqual({ ok: PROCESSES * CALLERS });
        expect(new Set(outcomes.map(({ accessToken }) => accessToken)).size).toBe(1);
        expect(await ground.isGood(outcomes[0]?.accessToken)).toBe(true);
        expect(ground.refreshTokensSent()).toHaveLength(1);
        slowestMs.push(Math.max(...outcomes.map(({ tookMs }) => tookMs)));
      }
      expect(grantsEnded()).toEqual([]);
      await tell(
        `once: ${ROUNDS} rounds, 1 refresh and ${PROCESSES * CALLERS} good answers in each, slowest answer ${Math.round(Math.max(...slowestMs))} ms`,
      );
    },
    ROUNDS * 20_000,
  );

  it(
    `${DUE_PROCESSES} processes refresh ${DUE} idle connections once each`,
    async () => {
      const ids = await ground.connect(DUE, TEN_DAYS_MS);
      await ground.database
        .updateTable('connections')
        .set({ keep_alive_due_at_ms: 0 })
        .where('id', 'in', ids)
        .execute();
      const startedAtMs = performance.now();
      const ran = await Promise.all(
        workers.slice(0, DUE_PROCESSES).map((worker) => worker.keepAlive()),
      );
      const tookMs = Math.round(performance.now() - startedAtMs);
      expect(ran.map(({ failed }) => failed)).toEqual(Array(DUE_PROCESSES).fill(0));
      expect(ground.refreshTokensSent()).toHaveLength(DUE);
      const versions = ground.database.selectFrom('connections').select(['version', 'status']);
      const rows = await versions.where('id', 'in', ids).distinct().execute();
      expect(rows).toEqual([{ version: 2, status: 'active' }]);
      expect(grantsEnded()).toEqual([]);
      await tell(
        `keep-alive: ${DUE} refreshes of ${DUE} due, ${DUE_PROCESSES} processes, ${tookMs} ms`,
      );
    },
    DUE * 120,
  );

  it('replicas whose clocks are 20 minutes apart agree on when a token ends, and refresh it once', async () => {
    const apart = await Promise.all([-10, 10].map((m) => ground.startWorker(m * MINUTE_MS)));
    const askAll = async (id: string) =>
      (await Promise.all(apart.map((worker) => worker.fresh(id, 10)))).flat();

    const living = await ground.connectOne(8 * MINUTE_MS);
    expect(tally(await askAll(living))).toEqual({ ok: 20 });
    expect(ground.refreshTokensSent()).toEqual([]);

    const ending = await ground.connectOne(3 * MINUTE_MS);
    const outcomes = [...(await askAll(ending)), ...(await askAll(ending))];
    expect(tally(outcomes)).toEqual({ ok: 40 });
    expect(ground.refreshTokensSent()).toHaveLength(1);
    for (const { expiresAtMs = 0 } of outcomes)
      expect(Math.abs(expiresAtMs - Date.now() - TEN_DAYS_MS)).toBeLessThan(MINUTE_MS / 2);
    await tell('clocks: 20 minutes apart, 0 refreshes of a living token, 1 of an ending one');
  });
});
