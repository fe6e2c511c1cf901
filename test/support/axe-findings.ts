import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { askPage } from './steps.js';

const schema = z.array(
  z.object({
    id: z.string(),
    nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })),
  }),
);

/** What its rules for WCAG 2.2 and good practice find wrong with the page as it is now. */
export async function axeFindings(page: Page): Promise<z.output<typeof schema>> {
  // Evaluated from outside, which the page's Content-Security-Policy does not hinder.
  await page.evaluate(axe.source);
  const run = `axe.run({ rules: { 'target-size': { enabled: true } } })
    .then(({ violations }) => violations)`;
  return askPage(page, run, schema);
}
