import { presentDisconnect } from './present-disconnect.js';
import { presentError } from './present-error.js';
import { presentLanding, type LandingFacts } from './present-landing.js';
import { presentTime } from './present-time.js';
import type { PageModels, WelcomePage } from './view-models.js';
import { createEta } from './views.js';

const eta = createEta();
const render = <N extends keyof PageModels>(name: N, model: PageModels[N]): string =>
  eta.render(name, model);

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, '');

const frame = { appName: 'pagerduty-connect' };
const inSandbox = { ...frame, sandboxUrl: 'http://127.0.0.1:5055/' };
const landing = (facts?: LandingFacts) => render('landing', presentLanding(frame, facts));

const nowMs = Date.UTC(2026, 10, 22, 21, 45);
const inDays = (days: number) =>
  presentTime(nowMs + days * 86_400_000, { nowMs, timeZone: 'America/New_York' });

const ann: WelcomePage = {
  ...frame,
  name: 'Ann Brightwater',
  initials: 'AB',
  avatarSrc: 'https://avatars.example/ann.png',
  email: 'ann@acme.example',
  role: 'Responder',
  jobTitle: undefined,
  timeZone: 'America/New_York',
  localTime: 'Sunday 16:45',
  teams: [{ text: 'Payments', href: 'https://acme.pagerduty.com/teams/T1' }],
  connection: {
    account: { text: 'acme', href: undefined },
    region: 'United States',
    scopes: [
      { raw: 'read', words: 'read your PagerDuty data' },
      { raw: 'stars.read', words: undefined },
    ],
    connectedAt: inDays(-3),
    lastRefreshedAt: inDays(-1),
    calendar: {
      accessTokenExpiresAt: inDays(10),
      hasAccessTokenEnded: false,
      refreshDeadline: inDays(210),
      grantEndsAt: inDays(1095),
    },
    timeZone: 'America/New_York',
  },
  reconnect: undefined,
  accountSwitched: false,
};

const errorPage = (tryAgainHref?: string) =>
  render(
    'error',
    presentError(inSandbox, {
      code: 'insufficient_scope',
      status: 403,
      detail: 'PagerDuty granted only `openid`.',
      requestId: 'req-77',
      tryAgainHref,
    }),
  );

describe('the landing page', () => {
  it('links to the start of a connection', () => {
    expect(landing()).toMatch(/<a [^>]*href="\/auth">Connect to PagerDuty<\/a>/);
    expect(landing()).not.toContain('href="/welcome"');
  });

  it('leads a signed-in person on', () => {
    expect(textOf(landing({ signedInAs: 'Ann' }))).toContain('Continue as Ann');
    expect(landing({ signedInAs: 'Ann' })).toContain('href="/welcome"');
  });

  it.each([
    ['disconnected_revoked', 'revoked at PagerDuty'],
    ['disconnected_only_here', 'PagerDuty did not confirm'],
    ['signed_out', 'Signed out.'],
  ] as const)('says what was just done: %s', (notice, words) => {
    expect(textOf(landing({ notice }))).toContain(words);
  });

  it('says how to leave the sandbox, and nothing of it where there is none', () => {
    expect(render('landing', presentLanding(inSandbox))).toContain('PD_CLIENT_SECRET');
    expect(landing()).not.toMatch(/sandbox|PD_CLIENT/i);
  });
});

describe('the welcome page', () => {
  it('greets by name', () => {
    const [, heading = ''] = /<h1>(.*)<\/h1>/.exec(render('welcome', ann)) ?? [];
    expect(textOf(heading)).toBe('Hello, Ann Brightwater!');
  });

  it('has rows only for what PagerDuty tells', () => {
    expect(render('welcome', ann)).toMatch(/Role.*Time zone.*Teams/s);
    expect(render('welcome', ann)).not.toContain('Job title');
    const bare = { ...ann, role: undefined, timeZone: undefined, localTime: undefined, teams: [] };
    expect(render('welcome', bare)).not.toMatch(/Role|Time zone|Teams/);
  });

  it('lays a picture of known size over the initials, where there is one', () => {
    expect(render('welcome', ann)).toMatch(
      /AB.*<img src="https:\/\/avatars\.example\/ann\.png" alt="" width="72" height="72">/s,
    );
    expect(render('welcome', { ...ann, avatarSrc: undefined })).not.toContain('width="72"');
  });

  it('tells times relatively, with the date and the zone in reach', () => {
    const html = render('welcome', ann);
    expect(html).toMatch(/<time datetime="2026-12-02T21:45:00\.000Z" title="[^"]+">in 10 days</);
    expect(textOf(html)).toContain('in 10 days 2 Dec 2026, 16:45');
    expect(textOf(html)).toContain('Times are in America/New_York.');
  });

  it('says in words how long the connection lasts', () => {
    const text = textOf(render('welcome', ann));
    expect(text).toContain('Refreshes itself; ask again by 21 November 2029.');
    expect(text).toMatch(/Last refreshed24 hours ago.*Access token endsin 10 days/s);
    const unrefreshed = { ...ann.connection, lastRefreshedAt: undefined };
    expect(render('welcome', { ...ann, connection: unrefreshed })).not.toContain('Last refreshed');
  });

  it('says that an access token has ended, and that it matters to nobody', () => {
    const { connection } = ann;
    const { calendar } = connection;
    if (!calendar) throw new Error('Ann has one');
    const ended = { ...calendar, accessTokenExpiresAt: inDays(-3), hasAccessTokenEnded: true };
    expect(
      textOf(render('welcome', { ...ann, connection: { ...connection, calendar: ended } })),
    ).toMatch(/Access token ended3 days ago.*Refreshed by itself before it is next used/s);
  });

  it('offers to reconnect where the person is needed, says why, and promises no refresh', () => {
    const html = render('welcome', {
      ...ann,
      connection: { ...ann.connection, calendar: undefined },
      reconnect: { why: 'PagerDuty has ended it.', href: '/auth' },
    });
    expect(html).toContain('<title>Reconnect to PagerDuty · ');
    expect(textOf(html)).toContain('The connection to PagerDuty needs you again');
    expect(textOf(html)).toContain('PagerDuty has ended it. Reconnect to replace the tokens');
    expect(html).toMatch(/<a [^>]*href="\/auth">Reconnect<\/a>/);
    expect(html).toMatch(/href="\/disconnect">Disconnect</);
    expect(html).not.toMatch(/Connected to PagerDuty|Refreshe[sd] (by )?itself|ask again/);
    expect(render('welcome', ann)).not.toContain('Reconnect');
  });

  it("gives scopes in words beside PagerDuty's own, and unknown ones as they are", () => {
    const text = textOf(render('welcome', ann));
    expect(text).toContain('read your PagerDuty data read');
    expect(text).toContain('stars.read');
  });

  it('asks before it disconnects, and signs out by POST', () => {
    const html = render('welcome', ann);
    expect(html).toMatch(/<a [^>]*href="\/disconnect">Disconnect<\/a>/);
    expect(html).toContain('<form method="post" action="/logout">');
    expect(html).not.toContain('action="/disconnect"');
  });

  it('says whose page it is now, only where that changed', () => {
    expect(textOf(render('welcome', { ...ann, accountSwitched: true }))).toContain(
      'This browser was signed in as somebody else before. It is now signed in as Ann Brightwater of acme.',
    );
    expect(render('welcome', ann)).not.toContain('somebody else');
  });
});

describe('the page before disconnecting', () => {
  it('names the account, and does it by POST or not at all', () => {
    const html = render('disconnect', presentDisconnect(inSandbox, { accountId: 'PACC1' }));
    expect(textOf(html)).toContain('Disconnect PACC1?');
    expect(html).toContain('<form method="post" action="/disconnect">');
    expect(html).toMatch(/href="\/welcome">Cancel</);
    expect(html).toContain('href="http://127.0.0.1:5055/"');
  });
});

describe('the error page', () => {
  it('says the state, what happened, and what finds the log line', () => {
    expect(errorPage()).toContain('<title>PagerDuty granted less than this app needs · ');
    expect(errorPage()).toContain('PagerDuty granted only <code>openid</code>.');
    expect(textOf(errorPage())).toMatch(/Error 403 · insufficient_scope.*Request req-77/s);
    expect(errorPage()).toContain('href="http://127.0.0.1:5055/"');
  });

  it('offers to try again where that can help, else the start page', () => {
    expect(errorPage('/auth?return_to=%2Fx')).toMatch(/href="\/auth\?return_to=%2Fx">Try again</);
    expect(errorPage()).not.toContain('Try again');
    expect(errorPage()).toMatch(/href="\/">Start page</);
  });
});
