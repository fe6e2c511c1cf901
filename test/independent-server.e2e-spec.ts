import { randomBytes } from 'node:crypto';
import { ConnectionVault } from '../src/connections/connection-vault.js';
import { Database } from '../src/database/database.js';
import { TokenEndpoint } from '../src/pagerduty/identity/token-endpoint.js';
import { startApp, type RunningApp } from './support/app.js';
import { CertifiedServer, PERSON } from './support/certified-server.js';
import { freePort } from './support/free-port.js';
import { UserAgent } from './support/user-agent.js';

describe('Against a certified server that is not ours', () => {
  let server: CertifiedServer;
  let running: RunningApp;
  let browser: UserAgent;

  beforeAll(async () => {
    const port = String(await freePort());
    server = await CertifiedServer.start(`http://localhost:${port}/callback`);
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
  const startFlow = async (of = browser): Promise<string> =>
    (await of.get('/auth')).headers.get('location') ?? '';
  const authorize = async (of = browser): Promise<URL> => server.decide(await startFlow(of));
  const connect = async (): Promise<Response> => browser.get(pathOf(await authorize()));

  it('connects, and greets the person by name', async () => {
    const answer = await connect();
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/welcome']);
    expect(await (await browser.get('/welcome')).text()).toContain(`Hello, ${PERSON.name}!`);
  });
});
