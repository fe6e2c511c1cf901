import { Sandbox } from './sandbox.js';
import { TestClient } from './testing/test-client.js';

const answerOf = (callback: string | null) =>
  Object.fromEntries(new URL(callback ?? 'none:').searchParams);

describe('/oauth/authorize', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  beforeAll(async () => {
    sandbox = await Sandbox.start();
    client = new TestClient(sandbox);
  });
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  const visit = (changes = {}) => fetch(client.authorizeUrl(changes), { redirect: 'manual' });

  it('shows a page, marked as a sandbox, with everybody and the asked scopes', async () => {
    const answer = await visit();
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toMatch(/<title>[^<]*Sandbox<\/title>/);
    expect(html).toContain('<code>read</code>');
    for (const { id } of sandbox.people) expect(html).toContain(`value="${id}"`);
  });

  it('escapes names full of markup and whatever the request carries', async () => {
    const html = await (await visit({ state: '"><script>', scope: '<b>' })).text();
    expect(html).not.toMatch(/<script|<b>|<img src=x/);
    expect(html).toContain('&lt;img src=x');
  });

  it('allows no script, no frame and no foreign base, but any redirect after the form', async () => {
    const policy = (await visit()).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src|form-action/);
  });

  it.each([
    ['an unknown client', { client_id: 'somebody-else' }],
    ['no client', { client_id: undefined }],
    ['an unregistered redirect URI', { redirect_uri: 'http://localhost:5000/callback/' }],
    ['a redirect URI in other letters', { redirect_uri: 'http://LOCALHOST:5000/callback' }],
    ['no redirect URI', { redirect_uri: undefined }],
  ])('answers %s with a page and no redirect', async (_what, changes) => {
    const answer = await visit(changes);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(await answer.text()).toContain('Not possible');
  });

  it.each([
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['another response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no scope', { scope: undefined }, 'invalid_request'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a challenge that is no hash', { code_challenge: 'short' }, 'invalid_request'],
    ['no challenge method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
  ])('sends %s back with an error and the state', async (_what, changes, error) => {
    const answer = await visit(changes);
    expect(answer.status).toBe(303);
    expect(answerOf(answer.headers.get('location'))).toMatchObject({ error, state: 'a-state' });
  });

  it('checks the form as strictly as the page', async () => {
    await expect(
      sandbox.decide(client.authorizeUrl({ redirect_uri: 'http://evil.example/' })),
    ).rejects.toThrow('400');
    const callback = await sandbox.decide(client.authorizeUrl({ code_challenge: undefined }));
    expect(answerOf(callback)).toMatchObject({ error: 'invalid_request' });
  });

  it('gives a code and the state when the person says yes, and no iss', async () => {
    const callback = await sandbox.decide(client.authorizeUrl());
    expect(callback).toMatch(/^http:\/\/localhost:5000\/callback\?/);
    expect(answerOf(callback)).toEqual({ code: expect.stringContaining('+'), state: 'a-state' });
  });

  it('gives access_denied and the state when the person says no', async () => {
    const callback = await sandbox.decide(client.authorizeUrl(), 'deny');
    expect(answerOf(callback)).toEqual({
      error: 'access_denied',
      error_description: 'The person denied access.',
      state: 'a-state',
    });
  });

  it('sends an iss where it is told to', async () => {
    sandbox.authorizationIssuer = 'https://issuer.example';
    const callback = await sandbox.decide(client.authorizeUrl());
    expect(answerOf(callback)).toMatchObject({ iss: 'https://issuer.example' });
  });

  it('knows a redirect URI as soon as it is registered', async () => {
    const redirect_uri = 'http://localhost:5999/callback';
    expect((await visit({ redirect_uri })).status).toBe(400);
    sandbox.registerRedirectUri(redirect_uri);
    expect((await visit({ redirect_uri })).status).toBe(200);
  });

  it.each([
    ['Origin', { origin: 'http://localhost.evil.example' }],
    ['Origin null', { origin: 'null' }],
    ['Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a form from another site by its %s', async (_what, headers) => {
    const form = { ...Object.fromEntries(client.authorizeUrl().searchParams), decision: 'deny' };
    expect((await client.post('/oauth/authorize', form, headers)).status).toBe(403);
    expect((await client.post('/oauth/authorize', form, { origin: sandbox.url })).status).toBe(303);
  });

  it('lets a Scoped app be authorized only within the account that made it', async () => {
    await using scoped = await Sandbox.start({ appKind: 'scoped' });
    const url = new TestClient(scoped).authorizeUrl({ scope: 'users.read' });
    await expect(scoped.decide(url, 'authorize', 'PMTT3BR')).rejects.toThrow('400');
    await expect(scoped.decide(url, 'authorize', 'PRB1N0K')).resolves.toContain('code=');
  });
});
