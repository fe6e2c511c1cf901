import type { Page } from 'playwright-core';
import { z } from 'zod';
import { PEOPLE } from '../../src/sandbox/people.js';
import { ADMIN, HOSTILE, RESPONDER } from '../support/people.js';
import { Stage } from '../support/stage.js';
import { askPage, authorizeAs, connect, goToPagerDuty, greetingOf } from '../support/steps.js';
import type { Visitor } from '../support/visitor.js';

const WEEK_S = 7 * 24 * 3600;

describe('In a real browser, signing in', () => {
  let stage: Stage;
  let visitor: Visitor;
  let page: Page;

  const exchanges = () => stage.running.sandbox.requests.tokenRequests('authorization_code').length;

  beforeAll(async () => {
    stage = await Stage.set();
  });
  beforeEach(async () => {
    ({ visitor, page } = await stage.enter());
  });
  afterEach(async () => {
    await visitor.leave();
    expect(visitor.offences()).toEqual([]);
  });
  afterAll(() => stage?.strike());

  it.each(PEOPLE)('greets $id by name, with a picture or initials', async (person) => {
    await connect(page, person);
    expect(new URL(page.url()).pathname).toBe('/welcome');
    expect(await page.getByText(person.email).isVisible()).toBe(true);
    const pictures = page.locator('.avatar img');
    expect(await pictures.count()).toBe(person.portrait ? 1 : 0);
    if (person.portrait) await expectDrawn(page);
    else expect(await page.locator('.avatar').innerText()).toMatch(/^\S{1,2}$/u);
  });

  it('shows a hostile name as the text that it is', async () => {
    await connect(page, HOSTILE);
    expect(await page.locator('h1 bdi').textContent()).toBe(HOSTILE.name);
    expect(await page.locator('h1 bdi *, script, [onerror], img[src="x"]').count()).toBe(0);
    expect(await page.getByText(HOSTILE.jobTitle ?? '', { exact: true }).isVisible()).toBe(true);
  });

  it('works without scripts, from the first page to the last', async () => {
    await visitor.leave();
    ({ visitor, page } = await stage.enter({ javaScriptEnabled: false }));
    await connect(page, RESPONDER);
    await page.getByRole('link', { name: 'Disconnect' }).click();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('status').getByText('Disconnected.').waitFor();
    await connect(page, ADMIN);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('status').getByText('Signed out.').waitFor();
  });

  it('says which account it is now, when somebody else signs in', async () => {
    await connect(page, RESPONDER);
    await connect(page, ADMIN);
    const status = page.getByRole('status');
    expect(await status.innerText()).toContain(
      `now signed in as ${ADMIN.name} of ${ADMIN.account.subdomain}`,
    );
    await page.reload();
    expect(await status.count()).toBe(0);
  });

  it('finishes two tabs that were opened together', async () => {
    const other = await visitor.openTab();
    await goToPagerDuty(page);
    await goToPagerDuty(other);
    await authorizeAs(page, RESPONDER);
    await greetingOf(page, RESPONDER).waitFor();
    await authorizeAs(other, RESPONDER);
    await greetingOf(other, RESPONDER).waitFor();
    await page.reload();
    expect(await greetingOf(page, RESPONDER).isVisible()).toBe(true);
  });

  it('leaves the browser one cookie, out of reach of scripts and other sites', async () => {
    await connect(page, RESPONDER);
    const cookies = await visitor.context.cookies();
    expect(cookies).toEqual([
      expect.objectContaining({
        name: 'session',
        domain: 'localhost',
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        value: expect.stringMatching(/^[\w-]{43}$/),
      }),
    ]);
    expect(cookies[0]?.expires).toBeLessThanOrEqual(Date.now() / 1000 + WEEK_S);
    expect(await askPage(page, 'document.cookie', z.string())).toBe('');
  });

  describe('and coming back to what is finished', () => {
    it('shows the finished result to a callback that is opened again', async () => {
      const callback = page.waitForRequest(/\/callback\?/);
      await connect(page, RESPONDER);
      await page.goto((await callback).url());
      expect(await greetingOf(page, RESPONDER).isVisible()).toBe(true);
      await page.reload();
      expect(await greetingOf(page, RESPONDER).isVisible()).toBe(true);
      expect(exchanges()).toBe(1);
    });

    it('lets the back button lead to PagerDuty, and saying yes again lead home', async () => {
      await connect(page, RESPONDER);
      await page.goBack();
      expect(page.url()).toContain(stage.running.sandbox.url);
      await authorizeAs(page, RESPONDER);
      await greetingOf(page, RESPONDER).waitFor();
      expect(exchanges()).toBe(1);
    });

    it('knows the person on the start page that the back button leads to', async () => {
      await connect(page, RESPONDER);
      await page.goBack();
      await page.goBack();
      await page.getByRole('link', { name: `Continue as ${RESPONDER.name}` }).click();
      await greetingOf(page, RESPONDER).waitFor();
    });
  });
});

async function expectDrawn(page: Page): Promise<void> {
  const size = z.object({
    drawn: z.number().positive(),
    width: z.literal(72),
    height: z.literal(72),
  });
  await askPage(
    page,
    `(async () => {
      const picture = document.querySelector('.avatar img');
      await picture.decode();
      const { width, height } = picture.getBoundingClientRect();
      return { drawn: picture.naturalWidth, width, height };
    })()`,
    size,
  );
}
