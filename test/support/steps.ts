import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import type { SandboxPerson } from '../../src/sandbox/people.js';

const MOST_STOPS = 40;

/** Goes from the landing page to PagerDuty's. */
export async function goToPagerDuty(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Connect to PagerDuty' }).click();
  await page.getByRole('button', { name: 'Authorize' }).waitFor();
}

/** Says yes there, as that person. */
export async function authorizeAs(page: Page, { name }: SandboxPerson): Promise<void> {
  await page.getByRole('radio', { name }).check();
  await page.getByRole('button', { name: 'Authorize' }).click();
}

/** The heading that greets somebody by name. */
export function greetingOf(page: Page, { name }: SandboxPerson): Locator {
  return page.getByRole('heading', { level: 1, name: `Hello, ${name}!` });
}

/** The whole way by clicks, to the greeting. */
export async function connect(page: Page, person: SandboxPerson): Promise<void> {
  await goToPagerDuty(page);
  await authorizeAs(page, person);
  await greetingOf(page, person).waitFor();
}

/**
 * Presses Tab until that element has the focus.
 * @throws Error where it cannot be reached so
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    if ((await target.and(page.locator(':focus')).count()) === 1) return;
  }
  throw new Error(`the keyboard does not reach ${target.toString()}`);
}

/** What an expression gives in the page. As text, since tests are compiled without the DOM's types. */
export async function askPage<S extends z.ZodType>(
  page: Page,
  expression: string,
  schema: S,
): Promise<z.output<S>> {
  return schema.parse(await page.evaluate(expression));
}
