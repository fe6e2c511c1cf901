import { Database } from '../../../src/database/database.js';
import type { RunningAppWithSandbox } from '../app.js';
import { UserAgent } from '../user-agent.js';
import { expectNothingStored, expectRefusal, type Form } from './expect-refusal.js';
import { RETURN_PATH, travel, type Journey, type Stage } from './journey.js';
import {
  askedOf,
  forgetEverybody,
  stored,
  type AcceptedScenario,
  type RefusedScenario,
} from './scenario.js';

/** PagerDuty's keys are kept for an hour: after it each journey asks for them anew, and once. */
const KEYS_LIFE_MS = 3_600_000;

/** A fresh browser, nobody stored, and a PagerDuty that was asked for nothing and has the journey's trouble. */
export async function prepare(
  running: RunningAppWithSandbox,
  { form, given }: Pick<Journey, 'given'> & { form?: Form } = {},
): Promise<Stage> {
  const stage = { running, browser: new UserAgent(running.url, form) };
  running.sandbox.reset();
  running.clock.advance(KEYS_LIFE_MS);
  await given?.(stage);
  running.sandbox.requests.clear();
  await forgetEverybody(running);
  return stage;
}

/** Holds status, code, what is stored, what was asked of PagerDuty and what the browser keeps. */
export async function expectRefused(
  running: RunningAppWithSandbox,
  form: Form,
  scenario: RefusedScenario,
): Promise<void> {
  const { flowsLeft = 0, knowsFlow = flowsLeft === 0, given, ends, asks } = scenario;
  const stage = await prepare(running, { form, given });
  const arrival = await travel(stage, scenario);
  await expectRefusal(arrival, form, ends, { knowsFlow });
  await expectNothingStored(running, stage.browser);
  expect(askedOf(running)).toEqual(asks);
  expect(pendingFlows(stage.browser)).toBe(flowsLeft);
}

/** Holds that the person is signed in, once, and where the journey wanted to come out. */
export async function expectAccepted(
  running: RunningAppWithSandbox,
  scenario: AcceptedScenario,
): Promise<void> {
  const { given, asks, region = 'us' } = scenario;
  const stage = await prepare(running, { given });
  const { answer } = await travel(stage, scenario);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, RETURN_PATH]);
  expect(await stored(running)).toEqual({ connections: 1, sessions: 1 });
  expect(askedOf(running)).toEqual(asks);
  expect(await regions(running)).toEqual([region]);
  expect(await (await stage.browser.get('/welcome')).text()).toContain('Hello,');
}

/** How many flows the browser could still finish. */
export function pendingFlows({ cookies }: UserAgent): number {
  return [...cookies.keys()].filter((name) => name.startsWith('flow-')).length;
}

async function regions({ app }: RunningAppWithSandbox): Promise<string[]> {
  const rows = await app.get(Database).selectFrom('connections').select('region').execute();
  return rows.map(({ region }) => region);
}
