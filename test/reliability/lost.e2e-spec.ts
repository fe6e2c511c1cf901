import { setTimeout as passTime } from 'node:timers/promises';
import { buildProgram } from '../support/built-program.js';
import { PostgresServer } from '../support/postgres.js';
import { rounds, tell } from '../support/trials/figures.js';
import { TrialGround } from '../support/trials/trial-ground.js';
import { tally, type Outcome, type Worker } from '../support/trials/worker.js';

const BUILD_TIMEOUT_MS = 180_000;
const CUTS = 20;
const RACES = rounds(100, 1_000);
const RACED_AT_ONCE = 10;
const RACED_WITHIN_MS = 25;
const ASKED_EVERY_MS = 50;

describe('Two processes on one PostgreSQL', () => {
  let server: PostgresServer;
  let ground: TrialGround;
  let workers: readonly [Worker, Worker];

  beforeAll(async () => {
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

  /** Asks until there is an answer that waiting does not change. */
  const settled = async (worker: Worker, id: string): Promise<Outcome> => {
    for (;;) {
      const outcome = await worker.freshOne(id);
      if (outcome.code !== 'pagerduty_unavailable') return outcome;
      await passTime(ASKED_EVERY_MS);
    }
  };

  it(`an answer that is lost after the rotation, cut at ${CUTS} places, is always said`, async () => {
    const bodyBytes = await lengthOfAnAnswer();
    const ids = await ground.connect(CUTS);
    const cuts = ids.map((_id, index) => Math.floor((index * (bodyBytes - 1)) / (CUTS - 1)));
    ground.sandbox.days.set(
      'token',
      ...cuts.map((afterBytes) => ({ kind: 'lost', afterBytes, times: 1 }) as const),
    );
    const [first, second] = workers;
    const lost = await Promise.all(ids.map((id) => first.freshOne(id)));
    expect(tally(lost)).toEqual({ pagerduty_unavailable: CUTS });
    const said = await Promise.all(ids.map((id) => settled(second, id)));
    expect(tally(said)).toEqual({ reconnect_required: CUTS });
    const rows = await Promise.all(ids.map((id) => ground.row(id)));
    expect(new Set(rows.map(({ status_reason: reason }) => reason))).toEqual(
      new Set(['answer_lost']),
    );
    await tell(`answers lost: ${CUTS} cuts of ${bodyBytes} bytes, ${CUTS} times answer_lost`);
  });

  it(
    `${RACES} connections that are disconnected while they are refreshed stay so, and nothing lives on at PagerDuty`,
    async () => {
      const outcomes: Outcome[] = [];
      const ids = await ground.connect(RACES);
      const issued: unknown[] = [];
      ground.sandbox.days.set('token', {
        kind: 'tamper',
        json: (body) => {
          issued.push(body['refresh_token']);
          return body;
        },
      });
      for (let at = 0; at < RACES; at += RACED_AT_ONCE) {
        const wave = ids.slice(at, at + RACED_AT_ONCE).map((id) => race(id));
        outcomes.push(...(await Promise.all(wave)));
      }
      const left = ground.database.selectFrom('connections').select('id');
      expect(await left.where('id', 'in', ids).execute()).toEqual([]);
      const revocations = ground.sandbox.requests.all
        .filter(({ route }) => route === '/oauth/revoke')
        .map(({ form }) => form?.['token']);
      const revoked = new Set(revocations);
      expect(issued.filter((token) => !revoked.has(String(token)))).toEqual([]);
      const grants = ground.sandbox.grants().slice(-RACES);
      expect(grants.filter(({ endedBecause }) => endedBecause === undefined)).toEqual([]);
      await tell(
        `disconnect against refresh: ${RACES} races, ${issued.length} refreshes got through, refreshers heard ${JSON.stringify(tally(outcomes))}, 0 resurrected`,
      );
    },
    RACES * 1_000,
  );

  async function lengthOfAnAnswer(): Promise<number> {
    let bytes = 0;
    ground.sandbox.days.set('token', {
      kind: 'tamper',
      json: (body) => {
        bytes = Buffer.byteLength(JSON.stringify(body));
        return body;
      },
    });
    await workers[0].freshOne(await ground.connectOne());
    ground.sandbox.days.clear();
    return bytes;
  }

  /** One process refreshes, the other disconnects, a little earlier or later. */
  async function race(id: string): Promise<Outcome> {
    const [refresher, other] = workers;
    const refreshed = passTime(Math.random() * RACED_WITHIN_MS).then(() => refresher.freshOne(id));
    await passTime(Math.random() * RACED_WITHIN_MS);
    await other.disconnect(id);
    return refreshed;
  }
});
