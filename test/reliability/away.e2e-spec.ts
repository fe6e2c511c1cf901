import { setTimeout as passTime } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { buildProgram } from '../support/built-program.js';
import { PostgresServer } from '../support/postgres.js';
import { rounds, tell } from '../support/trials/figures.js';
import { TrialGround } from '../support/trials/trial-ground.js';
import { Traffic } from '../support/trials/traffic.js';
import { tally, type Outcome, type Worker } from '../support/trials/worker.js';

const BUILD_TIMEOUT_MS = 180_000;
const AWAY_MS = rounds(4_000, 30_000);
const ANSWER_AFTER_MS = 1_000;
const REFUSED_WITHIN_MS = 2_000;
const HEALED_WITHIN_MS = 5_000;
const ASKED_EVERY_MS = 50;
const HOUR_MS = 3_600_000;

describe('Two processes whose PostgreSQL is in trouble', () => {
  let server: PostgresServer;
  let ground: TrialGround;
  let workers: readonly [Worker, Worker];

  beforeAll(async () => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const build = await buildProgram();
    server = await PostgresServer.start();
    ground = await TrialGround.lay(build, await server.createDatabase());
    workers = [await ground.startWorker(), await ground.startWorker()];
  }, BUILD_TIMEOUT_MS);
  beforeEach(() => ground.sandbox.days.clear());
  afterAll(async () => {
    await ground[Symbol.asyncDispose]();
    await server.close();
  });

  it(
    `the server is away for ${AWAY_MS / 1000} s under traffic: nobody waits for 2 s, all is well 5 s after, and the tokens in hand are saved`,
    async () => {
      const living = await ground.connectOne(24 * HOUR_MS);
      const id = await ground.connectOne();
      const traffic = workers.map((worker) => new Traffic(worker, living));
      ground.sandbox.days.set('token', { kind: 'slow', ms: ANSWER_AFTER_MS, times: 1 });
      const asked = workers[0].freshOne(id);
      while (ground.refreshTokensSent().length === 0) await passTime(ASKED_EVERY_MS);

      await server.stop('at once');
      expect(await asked).toMatchObject({ code: 'storage_unavailable', status: 503 });
      await passTime(AWAY_MS);
      await server.resume();
      const backAtMs = performance.now();
      const saved = await untilGood(workers[1], id);
      const healed = await Promise.all(workers.map((worker) => untilGood(worker, living)));
      const healedMs = performance.now() - backAtMs;

      const heard = (await Promise.all(traffic.map((one) => one.stop()))).flat();
      const slowestMs = Math.max(...heard.map(({ tookMs }) => tookMs));
      expect(Object.keys(tally(heard)).toSorted()).toEqual(['ok', 'storage_unavailable']);
      expect(slowestMs).toBeLessThan(REFUSED_WITHIN_MS);
      expect(healedMs).toBeLessThan(HEALED_WITHIN_MS);
      expect(healed.map(({ code }) => code)).toEqual(['ok', 'ok']);
      expect(workers.map(({ isAlive }) => isAlive)).toEqual([true, true]);
      expect(await ground.isGood(saved.accessToken)).toBe(true);
      expect(ground.refreshTokensSent()).toHaveLength(1);
      await tell(
        `PostgreSQL away ${AWAY_MS} ms: ${JSON.stringify(tally(heard))}, slowest ${Math.round(slowestMs)} ms, healed after ${Math.round(healedMs)} ms, 1 refresh, saved`,
      );
    },
    AWAY_MS * 4 + 30_000,
  );

  it('a refresh that is under way when every connection to the server is cut is not begun again', async () => {
    const id = await ground.connectOne();
    ground.sandbox.days.set('token', { kind: 'slow', ms: 3 * ANSWER_AFTER_MS, times: 1 });
    const asked = workers[0].freshOne(id);
    while (ground.refreshTokensSent().length === 0) await passTime(ASKED_EVERY_MS);
    const cut = await server.terminateBackends();
    const elsewhere = await untilGood(workers[1], id);
    const [outcome, row] = [await asked, await ground.row(id)];
    expect([outcome.code, outcome.accessToken]).toEqual(['ok', elsewhere.accessToken]);
    expect(row).toMatchObject({ version: 2, status: 'active', lease_owner: null });
    expect(ground.refreshTokensSent()).toHaveLength(1);
    await tell(`connections cut: ${cut} backends ended in the middle of a refresh, 1 refresh`);
  });

  async function untilGood(worker: Worker, id: string): Promise<Outcome> {
    for (;;) {
      const outcome = await worker.freshOne(id);
      if (outcome.code === 'ok') return outcome;
      expect(outcome.code).toBe('storage_unavailable');
      await passTime(ASKED_EVERY_MS);
    }
  }
});
