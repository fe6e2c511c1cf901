import { presentDisconnect } from './present-disconnect.js';
import { presentWelcome, type ConnectionFacts } from './present-welcome.js';
import type { Profile } from '../pagerduty/rest/profile.js';

const frame = { appName: 'pagerduty-connect' };
const nowMs = Date.UTC(2026, 10, 22, 21, 45);

const profile: Profile = {
  id: 'PUSER1',
  name: 'Ann Brightwater',
  email: 'ann@acme.example',
  role: 'limited_user',
  jobTitle: 'Site Reliability Engineer',
  timeZone: 'America/New_York',
  avatarUrl: 'https://avatars.example/ann.png',
  htmlUrl: 'https://acme.pagerduty.com/users/PUSER1',
  teams: [
    { id: 'T1', name: 'Payments', htmlUrl: 'https://acme.pagerduty.com/teams/T1' },
    { id: 'T2', name: 'Ghosts', htmlUrl: 'javascript:alert(1)' },
  ],
};

const connection: ConnectionFacts = {
  subdomain: 'acme',
  accountId: 'PACC1',
  region: 'eu',
  scope: ['openid', 'read'],
  status: 'active',
  connectedAtMs: nowMs,
  tokensIssuedAtMs: nowMs,
  accessTokenExpiresAtMs: nowMs + 864_000_000,
  refreshDeadlineMs: nowMs + 10 * 864_000_000,
  grantEndsAtMs: nowMs + 100 * 864_000_000,
};

const welcome = (person: Partial<Profile> = {}, grant: Partial<ConnectionFacts> = {}) =>
  presentWelcome(frame, {
    profile: { ...profile, ...person },
    connection: { ...connection, ...grant },
    nowMs,
  });

describe('presentWelcome', () => {
  it('tells who the person is', () => {
    expect(welcome()).toMatchObject({
      name: 'Ann Brightwater',
      initials: 'AB',
      avatarSrc: 'https://avatars.example/ann.png',
      role: 'Responder',
      timeZone: 'America/New_York',
      localTime: 'Sunday 16:45',
      accountSwitched: false,
    });
  });

  it('tells the connection, and when each of its parts ends', () => {
    expect(welcome().connection).toMatchObject({
      account: { text: 'acme', href: 'https://acme.pagerduty.com/' },
      region: 'Europe',
      scopes: [{ raw: 'openid' }, { raw: 'read' }],
      connectedAt: { relative: 'now' },
      lastRefreshedAt: undefined,
      calendar: {
        accessTokenExpiresAt: { relative: 'in 10 days' },
        hasAccessTokenEnded: false,
        refreshDeadline: { relative: 'in 3 months' },
        grantEndsAt: { relative: 'in 3 years', date: '18 August 2029' },
      },
    });
    expect(welcome().reconnect).toBeUndefined();
  });

  it('tells when the tokens were refreshed, and that one has ended since', () => {
    const page = welcome(
      {},
      { connectedAtMs: nowMs - 9e8, tokensIssuedAtMs: nowMs - 5e8, accessTokenExpiresAtMs: nowMs },
    );
    expect(page.connection).toMatchObject({
      lastRefreshedAt: { relative: '6 days ago' },
      calendar: { hasAccessTokenEnded: true },
    });
  });

  it.each([
    ['answer_lost', /answer to a refresh was lost/],
    ['ended_at_pagerduty', /revoked there, or its time was over/],
    ['unreadable', /cannot be opened any more.*nor anybody else’s/],
    ['no_refresh_token', /no token to refresh it with/],
    ['token_rejected', /refuses this connection’s access token/],
    ['of_tomorrow', /^The tokens of this connection can no longer be used\.$/],
    [undefined, /^The tokens of this connection can no longer be used\.$/],
  ])('says why the person is needed again, and promises nothing else: %s', (reason, why) => {
    const page = welcome({}, { status: 'reconnect_required', statusReason: reason });
    expect(page.reconnect).toEqual({ why: expect.stringMatching(why), href: '/auth' });
    expect(page.connection.calendar).toBeUndefined();
  });

  it('links a team only to where a link may lead', () => {
    expect(welcome().teams).toEqual([
      { text: 'Payments', href: 'https://acme.pagerduty.com/teams/T1' },
      { text: 'Ghosts', href: undefined },
    ]);
  });

  it('leaves out what PagerDuty does not tell', () => {
    const bare = welcome({
      role: undefined,
      jobTitle: undefined,
      timeZone: undefined,
      avatarUrl: undefined,
      htmlUrl: undefined,
      teams: [],
    });
    expect(bare).toMatchObject({ avatarSrc: undefined, role: undefined, localTime: undefined });
    expect(bare.connection.account).toEqual({ text: 'acme', href: undefined });
  });

  it("shows times in UTC where the zone's name is PagerDuty's own", () => {
    const page = welcome({ timeZone: 'Eastern Time (US & Canada)' });
    expect(page).toMatchObject({ timeZone: 'Eastern Time (US & Canada)', localTime: undefined });
    expect(page.connection).toMatchObject({
      timeZone: 'UTC',
      connectedAt: { absolute: '22 Nov 2026, 21:45' },
    });
  });

  it('calls a person without a name by their e-mail address', () => {
    expect(welcome({ name: ' ' })).toMatchObject({ name: 'ann@acme.example', initials: 'A' });
  });

  it('calls an account without a subdomain by its id', () => {
    expect(welcome({}, { subdomain: undefined }).connection.account.text).toBe('PACC1');
    expect(presentDisconnect(frame, { accountId: 'PACC1' }).account).toBe('PACC1');
  });
});
