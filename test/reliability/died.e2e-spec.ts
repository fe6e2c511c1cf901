import { join } from 'node:path';
import { setTimeout as passTime } from 'node:timers/promises';
import { buildProgram } from '../support/built-program.js';
import { PostgresServer } from '../support/postgres.js';
import { ScratchFolder } from '../support/program.js';
import { rounds, tell } from '../support/trials/figures.js';
import { TrialGround } from '../support/trials/trial-ground.js';
import { tally, type Outcome, type Worker } from '../support/trials/worker.js';

const BUILD_TIMEOUT_MS = 180_000;
const FREEZES = rounds(5, 100);
const FROZEN_BEFORE_MS = 200;
const KILLS = rounds(8, 250);
const KILLED_AT_ONCE = 4;
const KILLED_WITHIN_MS = 160;
const ANSWER_AFTER_MS = 40;
const HEALED_WITHIN_MS = 6_000;
const GRACE = { refreshReuseGraceMs: 10_000 };

describe('A process that', () => {
  let build: string;
  let server: PostgresServer;

  beforeAll(async () => {
    build = await buildProgram();
    server = await PostgresServer.start();
  }, BUILD_TIMEOUT_MS);
  afterAll(() => server.close());

  const askFor = async (ground: TrialGround, sent: number) => {
    while (ground.refreshTokensSent().length < sent) await passTime(2);
  };

  it(
    `is frozen while it refreshes, ${FREEZES} times: no token is sent twice, nothing late is written over`,
    async () => {
      await using ground = await TrialGround.lay(build, await server.createDatabase());
      const [frozen, other] = [await ground.startWorker(), await ground.startWorker()];
      const meanwhile: Outcome[] = [];
      for (let time = 0; time < FREEZES; time += 1) {
        const id = await ground.connectOne();
        const grant = ground.sandbox.grants().at(-1);
        const isRotated = () => grant?.refreshes === 1;
        ground.sandbox.days.set('token', { kind: 'slow', ms: FROZEN_BEFORE_MS, times: 1 });
        const asked = frozen.freshOne(id);
        await askFor(ground, 1);
        frozen.freeze();
        await ground.database
          .updateTable('connections')
          .set({ lease_until_ms: 1 })
          .where('id', '=', id)
          .execute();
        meanwhile.push(await other.freshOne(id));
        // The answer waits where the frozen process will find it.
        while (!isRotated()) await passTime(2);
        const isConnectedAnew = time % 2 === 1;
        if (isConnectedAnew) await ground.connectAgain(id);
        frozen.thaw();
        expect((await asked).code).toBe('ok');

        const [end, row] = [await other.freshOne(id), await ground.row(id)];
        expect(ground.refreshTokensSent()).toHaveLength(1);
        expect(row).toMatchObject({ version: 2, status: 'active', lease_owner: null });
        expect(await ground.isGood(end.accessToken)).toBe(true);
        expect(grant?.endedBecause).toBe(isConnectedAnew ? 'revoked by the app' : undefined);
      }
      expect(tally(meanwhile)).toEqual({ reconnect_required: FREEZES });
      await tell(
        `frozen: ${FREEZES} times, meanwhile reconnect_required, all healed, 0 tokens sent twice`,
      );
    },
    FREEZES * 10_000,
  );

  describe.each([
    ['a strict PagerDuty', {}],
    ['a PagerDuty with 10 s of grace', GRACE],
  ])('is killed while it refreshes, with %s,', (name, options) => {
    const judge = async (
      ground: TrialGround,
      ids: readonly string[],
      outcomes: readonly Outcome[],
    ) => {
      const counted = tally(outcomes);
      expect(Object.keys(counted).filter((code) => code !== 'ok')).toEqual(
        counted['reconnect_required'] === undefined ? [] : ['reconnect_required'],
      );
      for (const [index, { code, accessToken }] of outcomes.entries()) {
        const row = await ground.row(ids[index] ?? '');
        if (code === 'ok') expect(await ground.isGood(accessToken)).toBe(true);
        else expect(row).toMatchObject({ status_reason: 'answer_lost' });
        expect(row).toMatchObject({ lease_owner: null });
      }
      if ('refreshReuseGraceMs' in options) expect(counted).toEqual({ ok: ids.length });
      const slowestMs = Math.max(...outcomes.map(({ tookMs }) => tookMs));
      expect(slowestMs).toBeLessThan(HEALED_WITHIN_MS);
      return { counted, slowestMs: Math.round(slowestMs) };
    };

    it(
      `${KILLS} times beside another process: nothing is stuck, nothing half-written`,
      async () => {
        await using ground = await TrialGround.lay(build, await server.createDatabase(), options);
        const survivor = await ground.startWorker();
        const ids: string[] = [];
        const outcomes: Outcome[] = [];
        while (ids.length < KILLS) {
          const [victims, wave] = [
            await ground.startWorkers(KILLED_AT_ONCE),
            await ground.connect(KILLED_AT_ONCE),
          ];
          ground.sandbox.days.set('token', { kind: 'slow', ms: ANSWER_AFTER_MS });
          await Promise.all(victims.map((victim, index) => killDuring(victim, wave[index] ?? '')));
          ground.sandbox.days.clear();
          outcomes.push(...(await Promise.all(wave.map((id) => survivor.freshOne(id)))));
          ids.push(...wave);
        }
        const { counted, slowestMs } = await judge(ground, ids, outcomes);
        await tell(
          `killed, PostgreSQL, ${name}: ${JSON.stringify(counted)}, slowest ${slowestMs} ms`,
        );
      },
      KILLS * 10_000,
    );

    it(
      `${KILLS} times alone on SQLite: its next start finds nothing stuck, nothing half-written`,
      async () => {
        await using folder = await ScratchFolder.make();
        const url = `sqlite:${join(folder.path, 'rows.sqlite')}`;
        await using ground = await TrialGround.lay(build, url, options);
        const ids = await ground.connect(KILLS);
        const outcomes: Outcome[] = [];
        let worker = await ground.startWorker();
        for (const id of ids) {
          ground.sandbox.days.set('token', { kind: 'slow', ms: ANSWER_AFTER_MS });
          await killDuring(worker, id);
          ground.sandbox.days.clear();
          worker = await ground.startWorker();
          outcomes.push(await worker.freshOne(id));
        }
        const { counted, slowestMs } = await judge(ground, ids, outcomes);
        await tell(`killed, SQLite, ${name}: ${JSON.stringify(counted)}, slowest ${slowestMs} ms`);
      },
      KILLS * 10_000,
    );
  });

  /** At any moment from the order to after the answer. */
  async function killDuring(worker: Worker, id: string): Promise<void> {
    const asked = worker.freshOne(id).catch(() => undefined);
    await passTime(Math.random() * KILLED_WITHIN_MS);
    await worker.kill();
    await asked;
  }
});
