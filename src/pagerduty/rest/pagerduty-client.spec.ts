import type { ErrorCode } from '../../common/app-error.js';
import { Secret } from '../../common/secret.js';
import type { Region } from '../region.js';
import { ClockMovingPause, configAt, WatchedTransport, StillClock } from '../testing/doubles.js';
import { appErrorOf } from '../testing/failure-of.js';
import {
  cut,
  hang,
  html,
  json,
  LoopbackServer,
  padded,
  raw,
  redirect,
  type Reply,
} from '../testing/loopback-server.js';
import { PagerDutyClient } from './pagerduty-client.js';
import { PatientTransport } from './patient-transport.js';
import type { Profile } from './profile.js';

const USER = {
  id: 'PUSER01',
  type: 'user',
  name: 'Ada <b>Lovelace</b> 🚨',
  email: 'ada@example.com',
  role: 'limited_user',
  job_title: null,
  time_zone: 'Europe/Lisbon',
  avatar_url: 'https://avatars.test/ada.png',
  html_url: 'https://acme.pagerduty.com/users/PUSER01',
  created_via_sso: 'true',
  http_cal_url: 'https://acme.pagerduty.com/private/calendar-secret/feed',
  web_cal_url: 'webcal://acme.pagerduty.com/private/calendar-secret/feed',
  teams: [
    {
      id: 'PTEAM01',
      type: 'team_reference',
      summary: 'Core',
      html_url: 'https://acme.pagerduty.com/teams/PTEAM01',
    },
  ],
};

const user = (changes: Record<string, unknown> = {}): Reply =>
  json(200, { user: { ...USER, ...changes } });

describe('PagerDutyClient', () => {
  let server: LoopbackServer;
  let transport: WatchedTransport;
  let clock: StillClock;
  let pause: ClockMovingPause;
  let client: PagerDutyClient;

  beforeAll(async () => {
    server = await LoopbackServer.start();
  });
  afterAll(async () => server.close());
  beforeEach(() => {
    transport = new WatchedTransport();
    clock = new StillClock();
    pause = new ClockMovingPause(clock);
    const patient = new PatientTransport(transport, pause, clock);
    client = new PagerDutyClient(configAt(server.url), patient);
  });
  afterEach(async () => transport.onApplicationShutdown());

  const me = async (region: Region = 'us'): Promise<Profile> =>
    client.me({ accessToken: new Secret('pdus+_0XBPWQQ_a'), region });

  it.each(['us', 'eu'] as const)('asks the %s API who it is', async (region) => {
    server.replyWith(user());
    await me(region);
    expect(server.requests).toMatchObject([
      {
        method: 'GET',
        path: `/${region}/users/me`,
        headers: {
          authorization: 'Bearer pdus+_0XBPWQQ_a',
          accept: 'application/vnd.pagerduty+json;version=2',
        },
      },
    ]);
  });

  describe('the profile', () => {
    it('holds what is known, and no calendar feed', async () => {
      server.replyWith(user());
      expect(await me()).toEqual({
        id: 'PUSER01',
        name: 'Ada <b>Lovelace</b> 🚨',
        email: 'ada@example.com',
        role: 'limited_user',
        jobTitle: undefined,
        timeZone: 'Europe/Lisbon',
        avatarUrl: 'https://avatars.test/ada.png',
        htmlUrl: 'https://acme.pagerduty.com/users/PUSER01',
        teams: [
          { id: 'PTEAM01', name: 'Core', htmlUrl: 'https://acme.pagerduty.com/teams/PTEAM01' },
        ],
      });
    });

    it('needs no more than id, name and e-mail address', async () => {
      server.replyWith(json(200, { user: { id: 'P1', name: 'Ada', email: 'a@b.test' } }));
      expect(await me()).toMatchObject({ id: 'P1', role: undefined, teams: [] });
    });

    it('leaves out what it cannot read', async () => {
      server.replyWith(
        user({ role: 7, time_zone: {}, avatar_url: 'javascript:alert(1)', teams: 'x' }),
      );
      expect(await me()).toMatchObject({
        role: undefined,
        timeZone: undefined,
        avatarUrl: undefined,
        teams: [],
      });
    });

    it('leaves out teams without an id and names the others as well as it can', async () => {
      server.replyWith(
        user({ teams: [null, { summary: 'no id' }, { id: 'PTEAM02', summary: null }] }),
      );
      expect((await me()).teams).toEqual([{ id: 'PTEAM02', name: 'PTEAM02', htmlUrl: undefined }]);
    });

    it('cuts an endless name between characters', async () => {
      server.replyWith(user({ name: '🚨'.repeat(999) }));
      expect((await me()).name).toBe('🚨'.repeat(256));
    });

    it.each([
      ['no id', { id: undefined }],
      ['a number for an id', { id: 7 }],
      ['an endless id', { id: 'P'.repeat(999) }],
      ['no name', { name: null }],
      ['no e-mail address', { email: undefined }],
      ['a list of addresses', { email: ['a@b.test'] }],
    ])('is refused with %s', async (_what, changes) => {
      server.replyWith(user(changes));
      expect(await appErrorOf(me())).toMatchObject({ code: 'identity_invalid', status: 502 });
    });
  });

  it.each<[string, Reply, ErrorCode, number]>([
    ['401', json(401, { error: { code: 2006 } }), 'identity_invalid', 502],
    ['403 without a reason', json(403, { error: { code: 2010 } }), 'identity_invalid', 502],
    ['403 with HTML', html(403), 'identity_invalid', 502],
    ['404', json(404, { error: 'Not Found' }), 'identity_invalid', 502],
    ['a JSON object without a user', json(200, { users: [] }), 'identity_invalid', 502],
    ['HTML', html(200), 'pagerduty_unavailable', 502],
    ['an array', json(200, [USER]), 'pagerduty_unavailable', 502],
    ['nothing', raw(204, ''), 'pagerduty_unavailable', 502],
    ['a redirect', redirect('/login'), 'pagerduty_unavailable', 502],
    ['too much', padded({ user: USER }, 1024 * 1024), 'pagerduty_unavailable', 502],
  ])('asks once and gives up on %s', async (_what, reply, code, status) => {
    server.replyWith(reply);
    expect(await appErrorOf(me())).toMatchObject({ code, status });
    expect(server.requests).toHaveLength(1);
  });

  it('says that the region refused the token', async () => {
    server.replyWith(html(401));
    expect((await appErrorOf(me('eu'))).detail).toBe("PagerDuty's EU API refused the fresh token.");
  });

  it.each([
    ['one scope', 'users.read', '`users.read`'],
    ['several', ['users.read', 'teams.read'], '`users.read` `teams.read`'],
    ['junk', '<script> users.read', '`users.read`'],
    ['junk alone', '<script>', 'another scope'],
  ])('names the scope that is missing: %s', async (_what, required_scopes, words) => {
    const message = 'Token missing required scopes';
    server.replyWith(json(403, { error: { message, required_scopes, token_scopes: 'openid' } }));
    const error = await appErrorOf(me());
    expect(error).toMatchObject({ code: 'insufficient_scope', status: 403 });
    expect(error.detail).toContain(words);
    expect(error.detail).not.toContain('<script>');
  });

  describe('in short trouble', () => {
    it.each<[string, Reply]>([
      ['408', html(408)],
      ['429', json(429, { error: { code: 2020 } }, { 'ratelimit-reset': '1' })],
      ['500', html(500)],
      ['502', html(502)],
      ['503', html(503)],
      ['503 far from the end of a rate window', raw(503, '', { 'ratelimit-reset': '50' })],
      ['504', html(504)],
      ['a cut connection', cut],
    ])('waits out %s', async (_what, reply) => {
      server.replyWith(reply, user());
      expect(await me()).toMatchObject({ id: 'PUSER01' });
      expect(server.requests).toHaveLength(2);
      expect(pause.pausesMs).toHaveLength(1);
    });

    it('stays away as long as a 429 asks, and a little longer', async () => {
      server.replyWith(raw(429, '', { 'ratelimit-reset': '2' }), user());
      await me();
      expect(pause.pausesMs[0]).toBeGreaterThanOrEqual(2_000);
      expect(pause.pausesMs[0]).toBeLessThanOrEqual(2_500);
    });

    it('waits ever longer from a second on where a 429 says nothing', async () => {
      server.replyWith(raw(429, ''), raw(429, ''), user());
      await me();
      expect(pause.pausesMs).toHaveLength(2);
      expect(pause.pausesMs[0]).toBeGreaterThanOrEqual(1_000);
      expect(pause.pausesMs[1]).toBeGreaterThanOrEqual(2_000);
    });
  });

  describe('in long trouble', () => {
    it('says when to return, and does not wait for what is too far', async () => {
      server.replyWith(raw(429, '', { 'ratelimit-reset': '42' }));
      expect(await appErrorOf(me())).toMatchObject({
        code: 'rate_limited',
        status: 503,
        retryAfterS: 42,
      });
      expect(server.requests).toHaveLength(1);
    });

    it.each<[string, Reply, ErrorCode, number]>([
      ['429 without a word', raw(429, ''), 'rate_limited', 503],
      ['503', html(503), 'pagerduty_unavailable', 502],
      ['a cut connection', cut, 'pagerduty_unavailable', 502],
    ])('gives up on %s when 5 seconds are over', async (_what, reply, code, status) => {
      server.replyWith(reply);
      const startedMs = clock.now();
      expect(await appErrorOf(me())).toMatchObject({ code, status });
      expect(server.requests.length).toBeGreaterThan(2);
      expect(clock.now() - startedMs).toBeLessThan(5_000);
    });

    it('gives each attempt only what is left', async () => {
      server.replyWith(html(503), user());
      await me();
      expect(transport.deadlinesMs).toEqual([5_000, 5_000 - (pause.pausesMs[0] ?? 0)]);
    });

    it('tells a silence by 504', async () => {
      transport.patienceMs = 50;
      server.replyWith((response) => {
        clock.nowMs += 5_000;
        hang(response);
      });
      expect(await appErrorOf(me())).toMatchObject({ code: 'pagerduty_unavailable', status: 504 });
      expect(server.requests).toHaveLength(1);
    });
  });
});
