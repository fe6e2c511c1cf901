import { createHash, randomBytes } from 'node:crypto';
import { Secret } from '../src/common/secret.js';
import { ConnectionVault } from '../src/connections/connection-vault.js';
import { Database } from '../src/database/database.js';
import { TokenEndpoint } from '../src/pagerduty/identity/token-endpoint.js';
import type { TokenSet } from '../src/pagerduty/identity/token-set.js';
import { startApp, type RunningApp } from './support/app.js';
import { PERSON } from './support/certified-provider.js';
import { CertifiedServer } from './support/certified-server.js';
import { freePort } from './support/free-port.js';
import { UserAgent } from './support/user-agent.js';

describe('Against a certified server that is not ours', () => {
  let server: CertifiedServer;
  let running: RunningApp;
  let otherPort: string;
  let browser: UserAgent;

  beforeAll(async () => {
    const port = String(await freePort());
    otherPort = String(await freePort());
    const callbacks = [port, otherPort].map((one) => `http://localhost:${one}/callback`);
    server = await CertifiedServer.start(...callbacks);
    running = await startApp({ ...server.settings(), PORT: port });
  });
  beforeEach(async () => {
    await running.app.get(Database).deleteFrom('connections').execute();
    browser = new UserAgent(running.url);
  });
  afterAll(async () => {
    await running.stop();
    await server.stop();
  });

  const pathOf = (url: URL): string => url.pathname + url.search;
  const startFlow = async (of = browser): Promise<URL> =>
    new URL((await of.get('/auth')).headers.get('location') ?? '');
  const authorize = async (of = browser): Promise<URL> => server.decide(await startFlow(of));
  const connect = async (of = browser): Promise<Response> => of.get(pathOf(await authorize(of)));
  const connections = async (): Promise<{ id: string }[]> =>
    running.app.get(Database).selectFrom('connections').select('id').execute();

  describe('a person', () => {
    it('connects, and is greeted by name', async () => {
      const answer = await connect();
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/welcome']);
      const page = await (await browser.get('/welcome')).text();
      expect(page).toContain(`Hello, <bdi>${PERSON.name}</bdi>!`);
    });

    it('is taken for somebody of the region that the settings name, where the ID token names none', async () => {
      await connect();
      expect(await (await browser.get('/welcome')).text()).toContain('Europe');
    });

    it('comes back with the name of the issuer, which is accepted', async () => {
      const callback = await authorize();
      expect(callback.searchParams.get('iss')).toBe(server.issuer);
      expect((await browser.get(pathOf(callback))).status).toBe(303);
    });

    it('disconnects, and the server confirms it', async () => {
      await connect();
      const [connection] = await connections();
      const tokens = await running.app.get(ConnectionVault).openTokens(connection?.id ?? '');
      expect(await server.takes(tokens?.accessToken)).toBe(true);
      await browser.post('/disconnect');
      expect(await (await browser.get('/')).text()).toContain('revoked at PagerDuty');
      expect(await server.takes(tokens?.accessToken)).toBe(false);
      expect(await connections()).toEqual([]);
    });
  });

  interface Refused {
    readonly when: string;
    /** What happens to the request on its way out. */
    readonly out?: (authorizeUrl: URL) => void;
    readonly decision?: 'deny';
    /** What happens to the answer on its way back. */
    readonly back?: (callback: URL) => void | Promise<void>;
    readonly status: number;
    readonly code: string;
    readonly tokenRequests: number;
  }

  const REFUSED: readonly Refused[] = [
    {
      when: 'the person says no',
      decision: 'deny',
      status: 403,
      code: 'access_denied',
      tokenRequests: 0,
    },
    {
      when: 'the answer names another issuer',
      back: ({ searchParams }) => searchParams.set('iss', 'https://evil.example'),
      status: 403,
      code: 'issuer_mismatch',
      tokenRequests: 0,
    },
    {
      when: 'PKCE was taken out of the request',
      out: ({ searchParams }) => {
        searchParams.delete('code_challenge');
        searchParams.delete('code_challenge_method');
      },
      status: 502,
      code: 'authorization_failed',
      tokenRequests: 0,
    },
    {
      when: 'PKCE was weakened to a challenge that is the verifier itself',
      out: ({ searchParams }) => searchParams.set('code_challenge_method', 'plain'),
      status: 502,
      code: 'authorization_failed',
      tokenRequests: 0,
    },
    {
      when: 'the challenge belongs to a verifier that this browser does not have',
      out: ({ searchParams }) => searchParams.set('code_challenge', challengeOf(makeVerifier())),
      status: 403,
      code: 'code_rejected',
      tokenRequests: 1,
    },
    {
      when: 'the code was issued to a flow of somebody else',
      back: async ({ searchParams }) => {
        const stolen = await authorize(new UserAgent(running.url));
        searchParams.set('code', stolen.searchParams.get('code') ?? '');
      },
      status: 403,
      code: 'code_rejected',
      tokenRequests: 1,
    },
    {
      when: 'the code was made up',
      back: ({ searchParams }) => searchParams.set('code', 'made-up'),
      status: 403,
      code: 'code_rejected',
      tokenRequests: 1,
    },
    {
      when: 'less is granted than was asked',
      out: ({ searchParams }) => searchParams.set('scope', 'openid'),
      status: 403,
      code: 'insufficient_scope',
      tokenRequests: 1,
    },
  ];

  it.each(REFUSED)('nobody is connected where $when', async (scenario) => {
    const authorizeUrl = await startFlow();
    scenario.out?.(authorizeUrl);
    const callback = await server.decide(authorizeUrl, scenario.decision);
    await scenario.back?.(callback);
    const before = server.count('/oauth/token');
    const answer = await browser.get(pathOf(callback), { accept: 'application/json' });
    expect([answer.status, await answer.json()]).toEqual([
      scenario.status,
      expect.objectContaining({ code: scenario.code }),
    ]);
    expect(server.count('/oauth/token') - before).toBe(scenario.tokenRequests);
    expect(await connections()).toEqual([]);
  });

  describe('the token endpoint', () => {
    const endpoint = (): TokenEndpoint => running.app.get(TokenEndpoint);

    /** A code for a verifier that the test knows, and how to redeem it. */
    async function obtainCode() {
      const verifier = makeVerifier();
      const authorizeUrl = await startFlow();
      authorizeUrl.searchParams.set('code_challenge', challengeOf(verifier));
      const { searchParams } = await server.decide(authorizeUrl);
      const code = searchParams.get('code') ?? '';
      const redirectUri = `${running.url}/callback`;
      const redeem = (codeVerifier = verifier): Promise<TokenSet> =>
        endpoint().exchangeCode({ code, redirectUri, codeVerifier });
      return { redeem };
    }
    const refreshTokenOf = ({ refreshToken }: TokenSet): Secret =>
      refreshToken ?? new Secret('none came');
    const rejected = { code: 'code_rejected', oauthError: 'invalid_grant' };

    it('gives tokens for the code and its own verifier', async () => {
      const { redeem } = await obtainCode();
      expect(await redeem()).toMatchObject({ scope: ['openid', 'read'], expiresInS: 3600 });
    });

    it.each([
      ['another verifier', makeVerifier()],
      ['none', ''],
    ])('refuses the code with %s', async (_what, verifier) => {
      const { redeem } = await obtainCode();
      await expect(redeem(verifier)).rejects.toMatchObject(rejected);
    });

    it('refuses a code that was used, and ends what it gave', async () => {
      const { redeem } = await obtainCode();
      const tokens = await redeem();
      await expect(redeem()).rejects.toMatchObject(rejected);
      await expect(endpoint().refresh(refreshTokenOf(tokens))).rejects.toMatchObject(rejected);
    });

    it('gives new tokens for a refresh token, each of which differs', async () => {
      const first = await (await obtainCode()).redeem();
      const second = await endpoint().refresh(refreshTokenOf(first));
      const third = await endpoint().refresh(refreshTokenOf(second));
      const given = [first, second, third].flatMap((tokens) => [
        tokens.accessToken.reveal(),
        refreshTokenOf(tokens).reveal(),
      ]);
      expect(new Set(given).size).toBe(6);
    });

    it('refuses a refresh token that was used, and ends the grant', async () => {
      const first = await (await obtainCode()).redeem();
      const second = await endpoint().refresh(refreshTokenOf(first));
      for (const spent of [first, second])
        await expect(endpoint().refresh(refreshTokenOf(spent))).rejects.toMatchObject(rejected);
    });

    it('revokes', async () => {
      const tokens = await (await obtainCode()).redeem();
      expect(await endpoint().revoke(refreshTokenOf(tokens))).toBe(true);
      await expect(endpoint().refresh(refreshTokenOf(tokens))).rejects.toMatchObject(rejected);
    });
  });

  describe('with another client secret', () => {
    async function withSecret(
      secret: string,
      visit: (url: string) => Promise<void>,
    ): Promise<void> {
      const settings = { ...server.settings(), PD_CLIENT_SECRET: secret, PORT: otherPort };
      const other = await startApp(settings);
      try {
        await visit(other.url);
      } finally {
        await other.stop();
      }
    }
    const readiness = async (url: string): Promise<number> =>
      (await fetch(`${url}/health/ready`)).status;

    it('nobody is connected, and readiness says why', async () => {
      await withSecret('wrong', async (url) => {
        expect(await readiness(url)).toBe(200);
        const own = new UserAgent(url, 'application/json');
        const answer = await connect(own);
        expect([answer.status, await answer.json()]).toEqual([
          502,
          expect.objectContaining({ code: 'client_rejected' }),
        ]);
        expect(await readiness(url)).toBe(503);
      });
    });

    it('people are connected where the second of two secrets is right', async () => {
      await withSecret(`old,${server.settings()['PD_CLIENT_SECRET']}`, async (url) => {
        expect((await connect(new UserAgent(url))).status).toBe(303);
        expect(await readiness(url)).toBe(200);
      });
    });
  });
});

function makeVerifier(): string {
  return randomBytes(32).toString('base64url');
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
