import type { Page } from 'playwright-core';
import { AccessTokens } from '../../src/connections/access-tokens.js';
import { Database } from '../../src/database/database.js';
import { PEOPLE } from '../../src/sandbox/people.js';
import type { RunningAppWithSandbox } from './app.js';
import { ADMIN, RESPONDER } from './people.js';
import { authorizeAs, connect, goToPagerDuty } from './steps.js';

const ELEVEN_MINUTES_MS = 11 * 60_000;

/** A page that people may come to see, and the way there for an empty profile. */
export interface Exhibit {
  readonly name: string;
  readonly show: (page: Page, running: RunningAppWithSandbox) => Promise<unknown>;
}

const LANDINGS: readonly Exhibit[] = [
  { name: 'landing', show: (page) => page.goto('/') },
  {
    name: 'landing-signed-in',
    show: async (page) => {
      await connect(page, RESPONDER);
      await page.goto('/');
    },
  },
  { name: 'landing-signed-out', show: (page) => signOut(page) },
  { name: 'landing-disconnected', show: (page) => disconnect(page) },
  {
    name: 'landing-disconnected-only-here',
    show: async (page, { sandbox }) => {
      sandbox.days.set('revoke', { kind: 'status', status: 404 });
      await disconnect(page);
    },
  },
];

const WELCOMES: readonly Exhibit[] = [
  ...PEOPLE.map((person) => ({
    name: `welcome-${person.id}`,
    show: (page: Page) => connect(page, person),
  })),
  {
    name: 'welcome-switched',
    show: async (page) => {
      await connect(page, RESPONDER);
      await connect(page, ADMIN);
    },
  },
  {
    name: 'welcome-reconnect',
    show: async (page, { app, sandbox }) => {
      await connect(page, RESPONDER);
      sandbox.revokeGrant(sandbox.grants().at(-1)?.id ?? '');
      const { id } = await app
        .get(Database)
        .selectFrom('connections')
        .select('id')
        .orderBy('updated_at_ms', 'desc')
        .executeTakeFirstOrThrow();
      const tokens = app.get(AccessTokens);
      const { accessToken: rejected } = await tokens.fresh(id);
      // PagerDuty refuses the token, and then its renewal: the grant was revoked there.
      await tokens.fresh(id, { rejected }).catch(() => undefined);
      await page.reload();
    },
  },
  {
    name: 'disconnect',
    show: async (page) => {
      await connect(page, RESPONDER);
      await page.goto('/disconnect');
    },
  },
];

const ERRORS: readonly Exhibit[] = [
  {
    name: 'access_denied',
    show: async (page) => {
      await goToPagerDuty(page);
      await page.getByRole('button', { name: 'Deny' }).click();
    },
  },
  { name: 'invalid_callback', show: (page) => page.goto('/callback') },
  { name: 'state_mismatch', show: (page) => page.goto('/callback?code=c&state=s') },
  { name: 'not_found', show: (page) => page.goto('/no/such/page') },
  failing('flow_expired', ({ clock }) => clock.advance(ELEVEN_MINUTES_MS)),
  failing('client_rejected', ({ sandbox }) =>
    sandbox.days.set('token', { kind: 'invalid-client' }),
  ),
  failing('pagerduty_unavailable', ({ sandbox }) =>
    sandbox.days.set('token', { kind: 'status', status: 500 }),
  ),
  failing('insufficient_scope', ({ sandbox }) =>
    sandbox.days.set('token', { kind: 'tamper', json: (body) => ({ ...body, scope: 'openid' }) }),
  ),
  failing('identity_invalid', ({ sandbox }) => {
    sandbox.days.set('users_me', { kind: 'nonsense', body: 'mistyped' });
  }),
];

const PAGERDUTY: readonly Exhibit[] = [
  { name: 'sandbox-authorize', show: (page) => goToPagerDuty(page) },
  {
    name: 'sandbox-controls',
    show: async (page, { sandbox }) => {
      await connect(page, RESPONDER);
      sandbox.days.set('token', { kind: 'status', status: 500, times: 3 });
      await page.goto(sandbox.url);
    },
  },
  {
    name: 'sandbox-refused',
    show: (page, { sandbox }) => page.goto(`${sandbox.url}/oauth/authorize?client_id=nobody`),
  },
];

/** Every page there is, the sandbox's own among them. */
export const GALLERY = [...LANDINGS, ...WELCOMES, ...ERRORS, ...PAGERDUTY];

function failing(name: string, spoil: (running: RunningAppWithSandbox) => void): Exhibit {
  return {
    name,
    show: async (page, running) => {
      await goToPagerDuty(page);
      spoil(running);
      await authorizeAs(page, RESPONDER);
      await page.getByText(name, { exact: true }).waitFor();
    },
  };
}

async function signOut(page: Page): Promise<void> {
  await connect(page, RESPONDER);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('status').waitFor();
}

async function disconnect(page: Page): Promise<void> {
  await connect(page, RESPONDER);
  await page.goto('/disconnect');
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('status').waitFor();
}
