import type { Page } from 'playwright-core';
import { RESPONDER } from '../support/people.js';
import { Stage } from '../support/stage.js';
import { authorizeAs, connect, goToPagerDuty, greetingOf } from '../support/steps.js';
import type { Visitor } from '../support/visitor.js';

/** A grant that nobody has ended. */
const STANDING = expect.objectContaining({ endedBecause: undefined });

describe('In a real browser', () => {
  let stage: Stage;
  let visitor: Visitor;
  let page: Page;

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

  const heading = (name: string) => page.getByRole('heading', { level: 1, name });
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const pathNow = () => new URL(page.url()).pathname;

  describe('saying no', () => {
    const SAID_NO = 'You said no at PagerDuty';

    it('explains it, with the code and an id to quote', async () => {
      await goToPagerDuty(page);
      await button('Deny').click();
      await heading(SAID_NO).waitFor();
      expect(await page.getByText('access_denied').isVisible()).toBe(true);
      expect(await page.getByText(/Request [0-9a-f-]{36}/).isVisible()).toBe(true);
      expect(await page.title()).toContain(SAID_NO);
    });

    it('offers to try again, and that comes out where the first try would have', async () => {
      await page.goto('/auth?return_to=/?shift=night');
      await button('Deny').click();
      await link('Try again').click();
      await authorizeAs(page, RESPONDER);
      await link(`Continue as ${RESPONDER.name}`).waitFor();
      expect(new URL(page.url()).search).toBe('?shift=night');
    });

    it('offers to try again after a reload, too', async () => {
      await goToPagerDuty(page);
      await button('Deny').click();
      await heading(SAID_NO).waitFor();
      await page.reload();
      await link('Try again').click();
      await authorizeAs(page, RESPONDER);
      await greetingOf(page, RESPONDER).waitFor();
    });
  });

  describe('disconnecting', () => {
    beforeEach(async () => {
      await connect(page, RESPONDER);
      await link('Disconnect').click();
      await heading('Disconnect lighthouse-coffee?').waitFor();
    });

    it('asks first, and changes nothing for who would rather not', async () => {
      await link('Cancel').click();
      await greetingOf(page, RESPONDER).waitFor();
      expect(stage.running.sandbox.grants()).toEqual([STANDING]);
    });

    it.each([
      ['was revoked', [], 'Disconnected. The tokens were deleted here and revoked at PagerDuty.'],
      ['was not confirmed', [{ kind: 'status', status: 404 }], 'PagerDuty did not confirm'],
    ] as const)('says so when it %s at PagerDuty', async (_what, days, words) => {
      stage.running.sandbox.days.set('revoke', ...days);
      await button('Disconnect').click();
      expect(await page.getByRole('status').innerText()).toContain(words);
      await page.goto('/welcome');
      expect(pathNow()).toBe('/');
      expect(await page.getByRole('status').count()).toBe(0);
    });
  });

  describe('signing out', () => {
    beforeEach(async () => {
      await connect(page, RESPONDER);
      await button('Sign out').click();
      await page.getByRole('status').getByText('Signed out.').waitFor();
    });

    it('leaves no cookie behind', async () => {
      await page.reload();
      expect(await visitor.context.cookies()).toEqual([]);
    });

    it('shows nothing personal to who presses the back button', async () => {
      await page.goBack();
      expect(await greetingOf(page, RESPONDER).count()).toBe(0);
      expect(await page.getByText(RESPONDER.email).count()).toBe(0);
    });

    it('keeps the connection, so that coming back takes one click at PagerDuty', async () => {
      expect(stage.running.sandbox.grants()).toEqual([STANDING]);
      await connect(page, RESPONDER);
    });
  });

  it('says that there is no such page, and leads to the start', async () => {
    const answer = await page.goto('/no/such/page');
    expect(answer?.status()).toBe(404);
    await heading('There is no such page').waitFor();
    await link('Start page').click();
    expect(pathNow()).toBe('/');
  });
});
