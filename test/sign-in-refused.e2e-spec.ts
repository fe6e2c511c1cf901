import { startAppWithSandbox, type RunningAppWithSandbox } from './support/app.js';
import { ACCEPTED_SCENARIOS } from './support/refused/accepted-scenarios.js';
import { CALLBACK_SCENARIOS } from './support/refused/callback-scenarios.js';
import { expectRefusal, FORMS, type Form } from './support/refused/expect-refusal.js';
import { ID_TOKEN_SCENARIOS } from './support/refused/id-token-scenarios.js';
import { leave, learnKeys, travel } from './support/refused/journey.js';
import {
  OTHERWISE_ACCEPTED,
  SILENT_REDUCTIONS,
  TWO_SECRETS,
  type OtherSettings,
} from './support/refused/other-settings.js';
import { PROFILE_SCENARIOS } from './support/refused/profile-scenarios.js';
import {
  expectAccepted,
  expectRefused,
  pendingFlows,
  prepare,
} from './support/refused/run-scenario.js';
import {
  askedOf,
  sayAsked,
  stored,
  titleOf,
  TOKEN_ASKED,
  type AcceptedScenario,
} from './support/refused/scenario.js';
import { SILENCES, waitUntil, type Silence } from './support/refused/silences.js';
import { TOKEN_SCENARIOS } from './support/refused/token-scenarios.js';
import { changing } from './support/refused/trouble.js';
import { UserAgent } from './support/user-agent.js';

const ANSWERED_WITHIN_MS = 15_000;

const REFUSED = [
  ['the callback', CALLBACK_SCENARIOS],
  ['the token answer', TOKEN_SCENARIOS],
  ['the ID token', ID_TOKEN_SCENARIOS],
  ['the profile', PROFILE_SCENARIOS],
] as const;

const titled = <T>(rows: readonly T[], title: (row: T) => string) =>
  rows.map((row) => [title(row), row] as const);
const acceptedTitle = ({ when, asks }: AcceptedScenario) =>
  `${when}: ${sayAsked(asks)}, one connection and one session stored`;

describe('A sign-in', () => {
  let running: RunningAppWithSandbox;

  beforeAll(async () => {
    running = await startAppWithSandbox();
  });
  afterAll(() => running.stop());

  describe.each(FORMS)('is refused, with %s,', (form) => {
    describe.each(REFUSED)('for %s,', (_of, scenarios) => {
      it.each(titled(scenarios, titleOf))('where %s', async (_title, scenario) => {
        await expectRefused(running, form, scenario);
      });
    });
  });

  it.each(titled(ACCEPTED_SCENARIOS, acceptedTitle))('goes well where %s', async (_title, row) => {
    await expectAccepted(running, row);
  });

  it('is answered within 15 seconds wherever PagerDuty falls silent', async () => {
    await prepare(running, { given: learnKeys });
    const endings: Promise<void>[] = [];
    for (const silence of SILENCES) {
      const struck = silence.begins(running.sandbox);
      endings.push(...FORMS.map((form) => waitOut(silence, form)));
      await waitUntil(struck);
    }
    await Promise.all(endings);
    const { profile, ...others } = askedOf(running);
    expect(others).toEqual({ token: FORMS.length * SILENCES.length, keys: 1 });
    expect(profile).toBeGreaterThan(3 * FORMS.length);
    expect(await stored(running)).toEqual({ connections: 0, sessions: 0 });
  });

  async function waitOut({ ends }: Silence, form: Form): Promise<void> {
    const browser = new UserAgent(running.url, form);
    const startedAtMs = performance.now();
    const arrival = await travel({ running, browser }, {});
    expect(performance.now() - startedAtMs).toBeLessThan(ANSWERED_WITHIN_MS);
    await expectRefusal(arrival, form, ends);
    expect([...browser.cookies.keys()]).toEqual([]);
  }

  it('is finished by GET alone', async () => {
    const stage = await prepare(running, { form: 'application/json' });
    const callback = await leave(stage);
    const answer = await stage.browser.post(callback.pathname + callback.search);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not_found' });
    expect([askedOf(running), pendingFlows(stage.browser)]).toEqual([{}, 1]);
  });

  describe('that was refused', () => {
    it('is not tried again by a reload', async () => {
      const stage = await prepare(running);
      running.sandbox.days.set('token', { kind: 'status', status: 500 });
      const { pathname, search } = await leave(stage);
      expect((await stage.browser.get(pathname + search)).status).toBe(502);
      running.sandbox.days.clear();
      expect((await stage.browser.get(pathname + search)).status).toBe(403);
      expect(askedOf(running)).toEqual(TOKEN_ASKED);
    });

    it('is refused once for two callbacks that arrive together', async () => {
      const stage = await prepare(running);
      running.sandbox.days.set('token', { kind: 'status', status: 500 });
      const { pathname, search } = await leave(stage);
      const arrivals = [stage, stage].map(({ browser }) => browser.get(pathname + search));
      const statuses = (await Promise.all(arrivals)).map(({ status }) => status);
      expect(statuses).toEqual([502, 502]);
      expect(askedOf(running)).toEqual(TOKEN_ASKED);
    });

    it('leaves the browser signed in as it was', async () => {
      const stage = await prepare(running);
      await travel(stage, {});
      running.sandbox.days.set('token', changing({ scope: 'openid' }));
      expect((await travel(stage, { person: 1 })).answer.status).toBe(403);
      expect(await stored(running)).toEqual({ connections: 1, sessions: 1 });
      const { email = '?' } = running.sandbox.people[0] ?? {};
      expect(await (await stage.browser.get('/welcome')).text()).toContain(email);
    });
  });

  it('turns readiness red where the app’s credentials are refused, until they are accepted', async () => {
    const stage = await prepare(running);
    await travel(stage, {});
    await expectReadiness(200, true);
    running.sandbox.days.set('token', { kind: 'invalid-client' });
    await travel(stage, {});
    await expectReadiness(503, false);
    running.sandbox.days.set('token', { kind: 'status', status: 500 });
    await travel(stage, {});
    await expectReadiness(503, false);
    running.sandbox.days.clear();
    await travel(stage, {});
    await expectReadiness(200, true);
  });

  async function expectReadiness(status: number, credentialsReady: boolean): Promise<void> {
    const answer = await fetch(`${running.url}/health/ready`);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      parts: { database: { ready: true }, client_credentials: { ready: credentialsReady } },
    });
  }
});

describe('A sign-in, under other settings,', () => {
  /** The environment is one for this file, so that each start says all that any of them says. */
  const start = <T>({ settings, options }: OtherSettings<T>) =>
    startAppWithSandbox({ PD_SCOPE: 'read', PD_REGION: 'us', ...settings }, options);
  const titleOfOther = ({ scenario }: (typeof SILENT_REDUCTIONS)[number]) => titleOf(scenario);

  it.each(titled(SILENT_REDUCTIONS, titleOfOther))('is refused where %s', async (_title, other) => {
    const running = await start(other);
    for (const form of FORMS) await expectRefused(running, form, other.scenario);
    await running.stop();
  });

  it.each(titled(OTHERWISE_ACCEPTED, ({ scenario }) => acceptedTitle(scenario)))(
    'goes well where %s',
    async (_title, other) => {
      const running = await start(other);
      await expectAccepted(running, other.scenario);
      await running.stop();
    },
  );

  it('is saved by the second secret, which is then the first', async () => {
    const running = await start(TWO_SECRETS);
    const when = 'PagerDuty knows one of two secrets';
    await expectAccepted(running, { when, asks: { token: 2, keys: 1, profile: 1 } });
    await expectAccepted(running, { when, asks: { token: 1, keys: 1, profile: 1 } });
    for (const form of FORMS) await expectRefused(running, form, TWO_SECRETS.scenario);
    await running.stop();
  });
});
