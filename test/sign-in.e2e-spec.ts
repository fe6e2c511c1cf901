import { Database } from '../src/database/database.js';
import { startAppWithSandbox, type RunningAppWithSandbox } from './support/app.js';
import { authorize, signIn } from './support/sign-in.js';
import { UserAgent } from './support/user-agent.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('Signing in', () => {
  let running: RunningAppWithSandbox;
  let browser: UserAgent;

  beforeAll(async () => {
    running = await startAppWithSandbox();
  });
  beforeEach(async () => {
    running.sandbox.reset();
    await running.app.get(Database).deleteFrom('connections').execute();
    browser = new UserAgent(running.url);
  });
  afterAll(() => running.stop());

  const person = (index: number) => {
    const found = running.sandbox.people[index];
    if (!found) throw new RangeError('the sandbox has no such person');
    return found;
  };
  const welcome = async (of = browser): Promise<string> => (await of.get('/welcome')).text();
  const expectSignedOut = async (of: UserAgent): Promise<void> => {
    const answer = await of.get('/welcome');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
  };

  it('goes out to PagerDuty with everything that the flow needs', async () => {
    const answer = await browser.get('/auth');
    expect(answer.status).toBe(302);
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(`${running.sandbox.url}/oauth/authorize`);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'sandbox-client',
      redirect_uri: `${running.url}/callback`,
      scope: 'openid read',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('greets each person by name', async () => {
    for (const { id, email } of running.sandbox.people) {
      const own = new UserAgent(running.url);
      const answer = await signIn(running, own, { personId: id });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/welcome']);
      expect(await welcome(own)).toContain(email);
    }
  });

  it('spends one code, one profile request and one key request at the most', async () => {
    await signIn(running, browser);
    expect(running.sandbox.requests.tokenRequests()).toHaveLength(1);
    expect(running.sandbox.requests.count('GET /api/us/users/me')).toBe(1);
    expect(running.sandbox.requests.count('GET /global/oauth/anonymous/jwks')).toBeLessThan(2);
  });

  it('comes out where the flow wanted to return, and nowhere else', async () => {
    const there = await signIn(running, browser, { returnTo: '/reports?week=47' });
    expect(there.headers.get('location')).toBe('/reports?week=47');
    const elsewhere = await signIn(running, browser, { returnTo: '//evil.example' });
    expect(elsewhere.headers.get('location')).toBe('/welcome');
  });

  it('keeps cookies from scripts and from other sites', async () => {
    const callback = await authorize(running, browser);
    const answer = await browser.get(callback);
    for (const cookie of answer.headers.getSetCookie()) {
      expect(cookie).toMatch(/; Path=\//);
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Lax/);
    }
  });

  it('starts nothing for HEAD and for a page that is loaded ahead', async () => {
    const head = await fetch(`${running.url}/auth`, { method: 'HEAD', redirect: 'manual' });
    const ahead = await browser.get('/auth', { 'sec-purpose': 'prefetch' });
    for (const answer of [head, ahead]) {
      expect(answer.headers.get('location')).toBeNull();
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect([head.status, ahead.status]).toEqual([204, 400]);
  });

  describe('in several tabs', () => {
    it('finishes each of five flows on its own, in any order', async () => {
      const callbacks: string[] = [];
      for (let tab = 0; tab < 5; tab += 1)
        callbacks.push(await authorize(running, browser, { returnTo: `/tab/${tab}` }));
      for (const tab of [2, 0, 4, 1, 3]) {
        const answer = await browser.get(callbacks[tab] ?? '');
        expect(answer.headers.get('location')).toBe(`/tab/${tab}`);
      }
    });

    it('gives up the oldest for a sixth', async () => {
      const callbacks: string[] = [];
      for (let tab = 0; tab < 6; tab += 1) {
        callbacks.push(await authorize(running, browser));
        running.clock.advance(1000);
      }
      const [oldest = '', ...others] = callbacks;
      expect((await browser.get(oldest)).status).toBe(403);
      for (const callback of others) expect((await browser.get(callback)).status).toBe(303);
    });

    it('lets a forged callback harm none of them', async () => {
      const callback = await authorize(running, browser);
      const forged = await browser.get('/callback?code=stolen&state=guessed');
      expect(forged.status).toBe(403);
      expect((await browser.get(callback)).status).toBe(303);
    });
  });

  describe('when the callback arrives twice', () => {
    const exchanges = () => running.sandbox.requests.tokenRequests('authorization_code').length;

    it('shows the finished result to a reload', async () => {
      const callback = await authorize(running, browser);
      await browser.get(callback);
      const again = await browser.get(callback);
      expect([again.status, again.headers.get('location')]).toEqual([303, '/welcome']);
      expect(exchanges()).toBe(1);
    });

    it('sends the code once for two that arrive together, and signs both in', async () => {
      const callback = await authorize(running, browser);
      const answers = await Promise.all([
        browser.get(callback),
        browser.get(callback),
        browser.get(callback),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
      expect(exchanges()).toBe(1);
      expect(running.sandbox.grants()).toEqual([
        expect.objectContaining({ endedBecause: undefined }),
      ]);
      expect(await welcome()).toContain('Hello,');
    });

    it('signs a browser in that never got the first answer', async () => {
      const callback = await authorize(running, browser);
      const cookies = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      await fetch(running.url + callback, { headers: { cookie: cookies }, redirect: 'manual' });
      expect((await browser.get(callback)).status).toBe(303);
      expect(exchanges()).toBe(1);
      expect(await welcome()).toContain('Hello,');
    });

    it('is refused after signing out, in this browser and with its old cookies', async () => {
      const callback = await authorize(running, browser);
      const cookies = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      await browser.get(callback);
      await browser.post('/logout');
      expect((await browser.get(callback)).status).toBe(403);
      const replayed = await fetch(running.url + callback, {
        headers: { cookie: cookies },
        redirect: 'manual',
      });
      expect(replayed.status).toBe(403);
      expect(exchanges()).toBe(1);
      expect(running.sandbox.grants()).toEqual([
        expect.objectContaining({ endedBecause: undefined }),
      ]);
    });

    it('shows what it achieved, also where another tab finished later', async () => {
      const earlier = await authorize(running, browser, { returnTo: '/earlier' });
      const later = await authorize(running, browser, { returnTo: '/later' });
      const late = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      await browser.get(earlier);
      await browser.get(later);
      const again = await browser.get(earlier);
      expect([again.status, again.headers.get('location')]).toEqual([303, '/earlier']);
      const withOldCookies = await fetch(running.url + earlier, {
        headers: { cookie: `${late}; session=${browser.cookies.get('session')}` },
        redirect: 'manual',
      });
      expect(withOldCookies.status).toBe(303);
      expect(exchanges()).toBe(2);
    });

    it('is refused in another browser', async () => {
      const callback = await authorize(running, browser);
      await browser.get(callback);
      expect((await new UserAgent(running.url).get(callback)).status).toBe(403);
    });
  });

  describe('with a session', () => {
    it('replaces the tokens of somebody who connects again, and keeps the connection', async () => {
      await signIn(running, browser);
      await signIn(running, new UserAgent(running.url));
      expect(running.sandbox.grants()).toHaveLength(2);
      expect(
        await running.app.get(Database).selectFrom('connections').selectAll().execute(),
      ).toEqual([expect.objectContaining({ version: 2 })]);
      expect(await welcome()).toContain('Hello,');
    });

    it('ends the earlier session of the browser at every sign-in', async () => {
      await signIn(running, browser);
      const earlier = browser.cookies.get('session') ?? '';
      await signIn(running, browser);
      const replayed = await fetch(`${running.url}/welcome`, {
        headers: { cookie: `session=${earlier}` },
        redirect: 'manual',
      });
      expect(replayed.status).toBe(303);
    });

    it('says which account it is now, once, when somebody else signs in', async () => {
      await signIn(running, browser, { personId: person(0).id });
      await signIn(running, browser, { personId: person(1).id });
      const page = await welcome();
      expect(page).toContain('signed in as somebody else before');
      expect(page).toContain(person(1).account.subdomain);
      expect(await welcome()).not.toContain('signed in as somebody else before');
    });

    it('ends on the server at sign-out, in the browser it was, and nowhere else', async () => {
      const other = new UserAgent(running.url);
      await signIn(running, browser);
      await signIn(running, other);
      const token = browser.cookies.get('session') ?? '';
      const out = await browser.post('/logout');
      expect([out.status, out.headers.get('location')]).toEqual([303, '/']);
      const replayed = await fetch(`${running.url}/welcome`, {
        headers: { cookie: `session=${token}` },
        redirect: 'manual',
      });
      expect(replayed.status).toBe(303);
      expect(await welcome(other)).toContain('Hello,');
    });

    it('ends after 12 hours without use', async () => {
      await signIn(running, browser);
      running.clock.advance(11 * HOUR_MS);
      expect(await welcome()).toContain('Hello,');
      running.clock.advance(12 * HOUR_MS + MINUTE_MS);
      await expectSignedOut(browser);
    });

    it('ends after 7 days of use', async () => {
      await signIn(running, browser);
      for (let hours = 0; hours < 7 * 24 - 8; hours += 8) {
        running.clock.advance(8 * HOUR_MS);
        expect(await welcome()).toContain('Hello,');
      }
      running.clock.advance(8 * HOUR_MS + MINUTE_MS);
      await expectSignedOut(browser);
    });
  });

  describe('and disconnecting', () => {
    const landing = async () => (await browser.get('/')).text();

    it('forgets the tokens, ends every session, and revokes at PagerDuty', async () => {
      const other = new UserAgent(running.url);
      await signIn(running, browser);
      await signIn(running, other);
      const answer = await browser.post('/disconnect');
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
      expect(await landing()).toContain('revoked at PagerDuty');
      await expectSignedOut(other);
      const [, latest] = running.sandbox.grants();
      expect(latest).toEqual(expect.objectContaining({ endedBecause: expect.any(String) }));
    });

    it('says so where PagerDuty did not confirm the revocation', async () => {
      await signIn(running, browser);
      running.sandbox.days.set('revoke', { kind: 'status', status: 404 });
      await browser.post('/disconnect');
      expect(await landing()).toContain('PagerDuty did not confirm');
      await expectSignedOut(browser);
    });

    it('asks first, on a page', async () => {
      await signIn(running, browser);
      const page = await (await browser.get('/disconnect')).text();
      expect(page).toMatch(/<form[^>]+method="post"[^>]+action="\/disconnect"/);
      expect(await welcome()).toContain('Hello,');
    });
  });

  describe('asked for by another site', () => {
    it.each([
      ['/logout', { 'sec-fetch-site': 'cross-site' }],
      ['/logout', { 'sec-fetch-site': 'same-site' }],
      ['/disconnect', { 'sec-fetch-site': 'cross-site' }],
    ])('refuses POST %s with %p', async (path, headers) => {
      await signIn(running, browser);
      expect((await browser.post(path, headers)).status).toBe(403);
      expect(await welcome()).toContain('Hello,');
    });

    it('goes by the origin where the browser sends no Fetch Metadata', async () => {
      await signIn(running, browser);
      const headers = { cookie: `session=${browser.cookies.get('session')}` };
      const post = (origin: string) =>
        fetch(`${running.url}/logout`, {
          method: 'POST',
          redirect: 'manual',
          headers: { ...headers, origin },
        });
      expect((await post('https://evil.example')).status).toBe(403);
      expect((await post(running.url)).status).toBe(303);
    });
  });
});
