import { Sandbox } from './sandbox.js';
import { TestClient } from './testing/test-client.js';

describe('the control page', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  beforeAll(async () => {
    sandbox = await Sandbox.start();
    client = new TestClient(sandbox);
  });
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  const read = async () => (await fetch(sandbox.url)).text();
  const jwks = async () => (await fetch(`${sandbox.url}/global/oauth/anonymous/jwks`)).text();
  const press = (path: string, fields = {}, headers = {}) => client.post(path, fields, headers);

  it('says what it is, who lives here, and what was asked', async () => {
    await client.connect();
    const html = await read();
    expect(html).toContain('<title>PagerDuty in a box · Sandbox</title>');
    for (const { id } of sandbox.people) expect(html).toContain(id);
    expect(html).toMatch(/POST \/oauth\/token<\/code><\/td><td>1</);
  });

  it('shows no token and no secret', async () => {
    const { access_token: access, refresh_token: refresh } = await client.connect();
    const html = await read();
    for (const secret of [access, refresh, sandbox.settings()['PD_CLIENT_SECRET'] ?? '']) {
      expect(html).not.toContain(secret);
    }
  });

  it('ends a grant at the press of its button', async () => {
    await client.connect();
    const [path = ''] = /\/control\/grants\/\w+\/end/.exec(await read()) ?? [];
    expect((await press(path)).headers.get('location')).toBe('/');
    expect(sandbox.grants()).toMatchObject([{ endedBecause: 'ended by the person' }]);
    expect(await read()).not.toContain(path);
  });

  it('sets and clears bad days', async () => {
    const preset = /<option>(429 with neither)<\/option>/.exec(await read())?.[1];
    await press('/control/days', { target: 'token', day: preset, times: '2' });
    expect(sandbox.days.planned()).toMatchObject([
      { target: 'token', day: { kind: 'rate-limited', bare: true }, timesLeft: 2 },
    ]);
    expect(await read()).toContain('429 with neither, 2 more');
    await press('/control/days/clear');
    expect(sandbox.days.planned()).toEqual([]);
  });

  it('sets a bad day for good where no number is given', async () => {
    await press('/control/days', { target: 'api', day: 'down: 503', times: '' });
    expect(sandbox.days.planned()).toMatchObject([{ target: 'api', timesLeft: Infinity }]);
  });

  it.each([
    { target: 'everything', day: 'down: 503' },
    { target: 'token', day: 'rain' },
    { target: 'token', day: 'down: 503', times: '-1' },
  ])('refuses %j', async (fields) => {
    expect((await press('/control/days', fields)).status).toBe(400);
    expect(sandbox.days.planned()).toEqual([]);
  });

  it('rotates the signing key', async () => {
    const before = await jwks();
    await press('/control/keys/rotate');
    expect(await jwks()).not.toBe(before);
  });

  it.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'same-site' },
  ])('refuses a button that was pressed elsewhere: %j', async (headers) => {
    await client.connect();
    const { id } = sandbox.grants()[0] ?? { id: '' };
    const buttons = [`/control/grants/${id}/end`, '/control/days/clear', '/control/keys/rotate'];
    const answers = await Promise.all(buttons.map((path) => press(path, {}, headers)));
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(sandbox.grants()).toMatchObject([{ endedBecause: undefined }]);
  });
});
