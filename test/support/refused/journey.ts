import type { RunningAppWithSandbox } from '../app.js';
import { UserAgent } from '../user-agent.js';

/** Where every journey wants to come out, so that **Try again** can be seen to remember it. */
export const RETURN_PATH = '/reports?week=47';

/** Where a journey begins. */
export const START_PATH = `/auth?${new URLSearchParams({ return_to: RETURN_PATH }).toString()}`;

/** What stands ready when something goes wrong on the way. */
export interface Stage {
  readonly running: RunningAppWithSandbox;
  readonly browser: UserAgent;
}

/** One way through a sign-in, and where it differs from the honest one. */
export interface Journey {
  /** Before the browser sets out; what is asked of PagerDuty here does not count. */
  readonly given?: ((stage: Stage) => unknown) | undefined;
  /** While the person is at PagerDuty, before they decide. */
  readonly whileAway?: (stage: Stage) => unknown;
  readonly decision?: 'authorize' | 'deny';
  /** Index among the sandbox's people. */
  readonly person?: number;
  /** The path and query that arrive in place of PagerDuty's own callback. */
  readonly arrives?: ((callback: URL, stage: Stage) => string | Promise<string>) | undefined;
}

/** The answer to the callback, and what of the journey must not be found in it. */
export interface Arrival {
  readonly answer: Response;
  readonly secrets: readonly string[];
}

/** Goes out to PagerDuty and comes back. */
export async function travel(stage: Stage, journey: Journey): Promise<Arrival> {
  const callback = await leave(stage, journey);
  const path = (await journey.arrives?.(callback, stage)) ?? callback.pathname + callback.search;
  const answer = await stage.browser.get(path);
  const secrets = ['code', 'state'].flatMap((name) => callback.searchParams.get(name) ?? []);
  return { answer, secrets };
}

/** Starts a flow and decides it at the sandbox; gives the callback's address, not yet visited. */
export async function leave(stage: Stage, journey: Journey = {}): Promise<URL> {
  const { browser, running } = stage;
  const start = await browser.get(START_PATH);
  const location = start.headers.get('location');
  if (location === null) throw new Error(`/auth answered ${start.status}`);
  await journey.whileAway?.(stage);
  const { people } = running.sandbox;
  return new URL(
    await running.sandbox.decide(location, journey.decision, people[journey.person ?? 0]?.id),
  );
}

/** A sign-in of somebody else, after which the program holds PagerDuty's present keys. */
export async function learnKeys({ running }: Stage): Promise<void> {
  const browser = new UserAgent(running.url);
  const { answer } = await travel({ running, browser }, {});
  if (answer.status !== 303) throw new Error(`the honest sign-in ended with ${answer.status}`);
}

/** PagerDuty's callback with its query changed. */
export const withQuery =
  (change: (query: URLSearchParams) => void) =>
  (callback: URL): string => {
    const query = new URLSearchParams(callback.search);
    change(query);
    return `${callback.pathname}?${query.toString()}`;
  };
