import { unescape as decodeLeniently } from 'node:querystring';
import fc from 'fast-check';
import { startAppWithSandbox, type RunningAppWithSandbox } from './support/app.js';
import { anyPathOfOurs, anyQuery, anyReturnTo, MARKER_SHOWN } from './support/hostile-text.js';
import { rawGet } from './support/raw-get.js';
import { FORMS } from './support/refused/expect-refusal.js';
import { leave } from './support/refused/journey.js';
import { answering } from './support/refused/trouble.js';
import { signIn } from './support/sign-in.js';
import { UserAgent } from './support/user-agent.js';

const anyForm = fc.constantFrom(...FORMS);
const anySecret = fc.stringMatching(/^[\w-]{20,60}$/);

describe('Whatever comes,', () => {
  let running: RunningAppWithSandbox;

  beforeAll(async () => {
    running = await startAppWithSandbox();
  });
  afterEach(() => running.sandbox.reset());
  afterAll(() => running.stop());

  /** A browser with a flow pending, which no answer uses up, as its cookies never change. */
  const pendingFlow = async () => {
    const browser = new UserAgent(running.url);
    const callback = await leave({ running, browser });
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { cookie, state: callback.searchParams.get('state') ?? '' };
  };

  it('a callback breaks nothing and shows nothing of its query', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery(), anyForm, async (query, accept) => {
        const answer = await rawGet(running.url, `/callback?${query}`, { accept });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(answer.everything).not.toMatch(MARKER_SHOWN);
      }),
      { numRuns: 500 },
    );
  });

  it('a callback to a pending flow breaks nothing, unless PagerDuty says that it is broken', async () => {
    const { cookie, state } = await pendingFlow();
    await fc.assert(
      fc.asyncProperty(anyQuery(fc.constant(state)), anyForm, async (query, accept) => {
        const answer = await rawGet(running.url, `/callback?${query}`, { accept, cookie });
        if (answer.status === 502) {
          expect(query).toMatch(/error=./);
          expect(answer.body).toContain('authorization_failed');
        } else expect(answer.status).toBeLessThan(500);
        expect(answer.everything).not.toMatch(MARKER_SHOWN);
        expect(answer.everything).not.toContain(state);
      }),
      { numRuns: 500 },
    );
  });

  it('no error says a code, a state or what PagerDuty echoes of them', async () => {
    const { cookie, state } = await pendingFlow();
    const anyStatus = fc.constantFrom(200, 302, 400, 401, 403, 429, 500);
    const anyError = fc.oneof(fc.constantFrom('invalid_grant', 'invalid_request'), anySecret);
    const ways = fc.tuple(anySecret, fc.oneof(anySecret, fc.constant(state)));
    await fc.assert(
      fc.asyncProperty(ways, anyStatus, anyError, anyForm, async (way, status, error, accept) => {
        const [code, givenState] = way;
        const token = `pdus+_0X${code}`;
        const echo = { error, error_description: `${code} is spent`, access_token: token };
        running.sandbox.days.set('token', answering(status, echo, { 'x-echo': token }));
        const query = new URLSearchParams({ code, state: givenState }).toString();
        const answer = await rawGet(running.url, `/callback?${query}`, { accept, cookie });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        for (const secret of [code, givenState]) expect(answer.everything).not.toContain(secret);
      }),
      { numRuns: 200 },
    );
  });

  describe('a return target', () => {
    const comesOutAt = async (returnTo: string) => {
      running.sandbox.reset();
      const answer = await signIn(running, new UserAgent(running.url), { returnTo });
      expect(answer.status).toBe(303);
      return answer.headers.get('location') ?? '';
    };

    it('stays on our origin, as it is, decoded once, and decoded twice', async () => {
      await fc.assert(
        fc.asyncProperty(anyReturnTo, async (returnTo) => {
          const location = await comesOutAt(returnTo);
          const once = decodeLeniently(location);
          const origins = [location, once, decodeLeniently(once)].map(
            (form) => URL.parse(form, running.url)?.origin,
          );
          expect(origins).toEqual([running.url, running.url, running.url]);
        }),
        { numRuns: 400 },
      );
    });

    it('is kept where it is a path of ours', async () => {
      await fc.assert(
        fc.asyncProperty(anyPathOfOurs, async (path) => {
          expect(await comesOutAt(path)).toBe(path);
        }),
        { numRuns: 50 },
      );
    });
  });
});
