import type { Page } from 'playwright-core';
import { ADMIN, RESPONDER } from '../support/people.js';
import { Stage } from '../support/stage.js';
import { greetingOf, tabTo } from '../support/steps.js';
import type { Visitor } from '../support/visitor.js';

describe('By keyboard alone', () => {
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

  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const heading = (name: string) => page.getByRole('heading', { level: 1, name });

  /** Tab to it, then the key that presses it. */
  const press = async (target: ReturnType<typeof link>, key: 'Enter' | 'Space') => {
    await target.waitFor();
    await tabTo(page, target);
    await page.keyboard.press(key);
  };

  it('people connect, sign out, and connect as somebody else', async () => {
    await page.goto('/');
    await press(link('Connect to PagerDuty'), 'Enter');
    await press(button('Authorize'), 'Enter');
    await greetingOf(page, RESPONDER).waitFor();
    await press(button('Sign out'), 'Space');
    await page.getByRole('status').getByText('Signed out.').waitFor();

    await press(link('Connect to PagerDuty'), 'Enter');
    await tabTo(page, page.getByRole('radio', { checked: true }));
    await page.keyboard.press('ArrowDown');
    await press(button('Authorize'), 'Space');
    await greetingOf(page, ADMIN).waitFor();
  });

  it('people say no, try again, and disconnect', async () => {
    await page.goto('/');
    await press(link('Connect to PagerDuty'), 'Enter');
    await press(button('Deny'), 'Space');
    await press(link('Try again'), 'Enter');
    await press(button('Authorize'), 'Enter');
    await press(link('Disconnect'), 'Enter');
    await heading('Disconnect lighthouse-coffee?').waitFor();
    await press(link('Cancel'), 'Enter');
    await press(link('Disconnect'), 'Enter');
    await heading('Disconnect lighthouse-coffee?').waitFor();
    await press(button('Disconnect'), 'Enter');
    await page.getByRole('status').getByText('Disconnected.').waitFor();
  });

  it('Enter in the choice of people says yes', async () => {
    await page.goto('/auth');
    await tabTo(page, page.getByRole('radio', { checked: true }));
    await page.keyboard.press('Enter');
    await greetingOf(page, RESPONDER).waitFor();
  });
});
