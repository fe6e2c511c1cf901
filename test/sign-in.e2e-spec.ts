import { startAppWithSandbox, type RunningAppWithSandbox } from './support/app.js';
import { UserAgent } from './support/user-agent.js';

describe('Signing in', () => {
  let running: RunningAppWithSandbox;
  beforeAll(async () => {
    running = await startAppWithSandbox();
  });
  afterAll(() => running.stop());

  it('goes out to PagerDuty with everything that the flow needs', async () => {
    const browser = new UserAgent(running.url);
    const answer = await browser.get('/auth');
    expect(answer.status).toBe(302);
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.origin).toBe(running.sandbox.url);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      response_type: 'code',
      client_id: expect.any(String),
      redirect_uri: `${running.url}/callback`,
      scope: 'openid read',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });
});
