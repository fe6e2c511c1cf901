import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { presentDisconnect } from './present-disconnect.js';
import { presentError } from './present-error.js';
import { presentLanding } from './present-landing.js';
import { presentWelcome } from './present-welcome.js';
import type { PageModels } from './view-models.js';
import { createEta, VIEWS_DIR } from './views.js';

const eta = createEta();
const render = <N extends keyof PageModels>(name: N, model: PageModels[N]): string =>
  eta.render(name, model);

const frame = { appName: 'pagerduty-connect', sandboxUrl: 'http://127.0.0.1:5055/' };
const nowMs = Date.UTC(2026, 10, 22, 21, 45);

/** A page with one text from elsewhere at every place that takes one. */
const pagesWith = {
  landing: (text: string) =>
    render('landing', presentLanding(frame, { signedInAs: text, notice: 'signed_out' })),

  welcome: (text: string, url?: string) => {
    const teams = [{ id: 'T1', name: text, htmlUrl: url }];
    const who = { id: 'PUSER1', name: text, email: text, role: text, jobTitle: text };
    const where = { timeZone: `(${text}`, avatarUrl: url, htmlUrl: url, teams };
    const ends = { accessTokenExpiresAtMs: nowMs, refreshDeadlineMs: nowMs, grantEndsAtMs: nowMs };
    const times = { ...ends, connectedAtMs: nowMs - 1, tokensIssuedAtMs: nowMs };
    const grant = { subdomain: text, accountId: 'PACC1', scope: [`:${text}`] };
    const page = presentWelcome(frame, {
      profile: { ...who, ...where },
      connection: { ...grant, ...times, region: 'us', status: 'active' },
      nowMs,
      accountSwitched: true,
    });
    return render('welcome', page);
  },

  disconnect: (text: string) =>
    render('disconnect', presentDisconnect(frame, { subdomain: text, accountId: 'PACC1' })),

  error: (text: string) => {
    const facts = { code: 'authorization_failed', status: 502, requestId: text } as const;
    return render('error', presentError(frame, { ...facts, detail: text, tryAgainHref: '/auth' }));
  },
};
const pages = Object.entries(pagesWith);

const hostileText = fc
  .oneof(
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.string({
      minLength: 1,
      unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '=', ' ', '!', '-', 'script', 'onload'),
    }),
  )
  // A backtick in an error's sentence rightly makes a tag; blank texts rightly drop a row.
  .map((text) => text.replaceAll('`', "'").trim())
  .filter((text) => text !== '');

/** The tags of a page, with what attributes hold left out. */
const skeletonOf = (html: string) => html.replaceAll(/="[^"]*"/g, '=""').match(/<[^>]*>/g);

describe('every page', () => {
  it.each(pages)('keeps its tags whatever is written into it: %s', (_name, pageWith) => {
    const expected = skeletonOf(pageWith('x'));
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(skeletonOf(pageWith(text))).toEqual(expected);
      }),
    );
  });

  it.each(pages)('shows a text full of markup as it is: %s', (_name, pageWith) => {
    const html = pageWith(`<b onclick='x' title="y">&amp;</b>`);
    expect(html).toContain('&lt;b onclick=&#39;x&#39; title=&quot;y&quot;&gt;&amp;amp;&lt;/b&gt;');
  });

  it.each(pages)('has no inline style or script: %s', (_name, pageWith) => {
    expect(pageWith('x')).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
  });

  it.each(pages)('prints nothing that its model does not have: %s', (_name, pageWith) => {
    expect(pageWith('x')).not.toMatch(/undefined|\[object/);
  });

  it('links and loads only over https, or from this machine', () => {
    const url = fc.oneof(
      fc.webUrl(),
      hostileText,
      hostileText.map((text) => `javascript:${text}`),
    );
    fc.assert(
      fc.property(url, (target) => {
        const html = pagesWith.welcome('x', target);
        for (const [, shown] of html.matchAll(/(?:href|src)="([^"]*)"/g)) {
          expect(shown).toMatch(/^(https:\/\/|http:\/\/(localhost|127\.|\[::1\])|\/(?!\/))/);
        }
      }),
    );
  });

  it('prints unescaped only what other templates made', () => {
    const templates = readdirSync(VIEWS_DIR).map((file) =>
      readFileSync(join(VIEWS_DIR, file), 'utf8'),
    );
    const raw = templates.flatMap((template) => template.match(/<%[-_]?\s*~.*?%>/g) ?? []);
    expect(raw).toContain('<%~ it.body %>');
    for (const tag of raw) {
      expect(tag).toMatch(/^<%~ (it\.body|include\('[^']+', \{ \w+: [\w.]+ \}\)) %>$/);
    }
  });
});
