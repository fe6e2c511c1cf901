import { startApp, type RunningApp } from './support/app.js';
import { freePort } from './support/free-port.js';
import { PostgresServer } from './support/postgres.js';
import { authorize } from './support/sign-in.js';
import { UserAgent } from './support/user-agent.js';
import { Sandbox } from '../src/sandbox/sandbox.js';

/** As behind a load balancer: one public address, and any replica may answer a request to it. */
describe('Two replicas on one PostgreSQL', () => {
  let server: PostgresServer;
  let sandbox: Sandbox;
  let replicas: readonly RunningApp[];
  let browser: UserAgent;

  beforeAll(async () => {
    server = await PostgresServer.start();
    const [port, otherPort] = [await freePort(), await freePort()];
    const redirectUri = `http://localhost:${port}/callback`;
    sandbox = await Sandbox.start({ redirectUris: [redirectUri] });
    const settings = { ...sandbox.settings(), DATABASE_URL: await server.createDatabase() };
    const startAt = (at: number) =>
      startApp({ ...settings, PORT: String(at), REDIRECT_URI: redirectUri });
    replicas = [await startAt(port), await startAt(otherPort)];
  });
  beforeEach(() => {
    browser = new UserAgent(replica(0).url);
  });
  afterAll(async () => {
    await Promise.all(replicas.map((app) => app.stop()));
    await sandbox.stop();
    await server.close();
  });

  const replica = (index: number): RunningApp => {
    const found = replicas[index];
    if (!found) throw new RangeError('there is no such replica');
    return found;
  };
  const at = (index: number, path: string) => replica(index).url + path;
  const welcomeAt = async (index: number) => (await browser.get(at(index, '/welcome'))).text();

  it('finish each other’s sign-ins, and know each other’s sessions', async () => {
    const callback = await authorize({ sandbox }, browser);
    const answer = await browser.get(at(1, callback));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/welcome']);
    expect(await welcomeAt(0)).toContain('Hello,');
    expect(await welcomeAt(1)).toContain('Hello,');
  });

  it('end a session for both', async () => {
    await browser.get(at(1, await authorize({ sandbox }, browser)));
    const cookies = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    await browser.post(at(0, '/logout'));
    const replayed = await fetch(at(1, '/welcome'), {
      headers: { cookie: cookies },
      redirect: 'manual',
    });
    expect([replayed.status, replayed.headers.get('location')]).toEqual([303, '/']);
  });

  it('answer within 2 s while the database is away, stay up, and are well when it is back', async () => {
    await browser.get(at(1, await authorize({ sandbox }, browser)));
    await server.stop('at once');
    for (const index of [0, 1]) {
      const startedAtMs = performance.now();
      const answer = await browser.get(at(index, '/welcome'));
      expect(answer.status).toBe(503);
      expect(performance.now() - startedAtMs).toBeLessThan(2000);
      expect(await answer.text()).toContain('database');
    }
    await server.resume();
    expect(await welcomeAt(0)).toContain('Hello,');
    expect(await welcomeAt(1)).toContain('Hello,');
  });
});
