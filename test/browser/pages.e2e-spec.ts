import type { Page } from 'playwright-core';
import { z } from 'zod';
import { axeFindings } from '../support/axe-findings.js';
import { GALLERY } from '../support/gallery.js';
import { RESPONDER } from '../support/people.js';
import { Stage } from '../support/stage.js';
import { askPage, connect } from '../support/steps.js';
import type { Visitor } from '../support/visitor.js';

/** Pictures of every page, to be looked at; the folder is no part of the repository. */
const PICTURES = 'test-results/screenshots';

/** The narrow one last: it is what axe looks at. */
const WIDTHS_PX = [1280, 360] as const;
const texts = z.array(z.string());

/** Links, buttons and fields, each by its HTML, that are lower than a finger is wide. */
const SMALL_TARGETS = `
  [...document.querySelectorAll('a, button, select, input[type="number"], label:has(input)')]
    .filter((target) => target.getBoundingClientRect().height < 44)
    .map((target) => target.outerHTML)`;

const PICTURES_WITHOUT_SIZE = `
  [...document.images]
    .filter((picture) => !picture.hasAttribute('width') || !picture.hasAttribute('height'))
    .map((picture) => picture.outerHTML)`;

/** A group of radio buttons is one stop. */
const STOPS = `
  document.querySelectorAll('a, button, select, input:is([type="number"], :checked)').length`;

const FOCUSED = `(() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return { html: document.activeElement.outerHTML, outline: outlineStyle + ' ' + outlineWidth };
})()`;

const focusedSchema = z.object({ html: z.string(), outline: z.string() });

describe('Each page', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.set();
  });
  afterAll(() => stage?.strike());

  it('has a picture for the README, which is not heavy', async () => {
    const { visitor, page } = await stage.enter({ viewport: { width: 900, height: 600 } });
    await connect(page, RESPONDER);
    // To renew it: cp test-results/screenshots/welcome.png docs/images/
    const picture = await page.screenshot({ path: `${PICTURES}/welcome.png`, fullPage: true });
    expect(picture.byteLength).toBeLessThan(150_000);
    await visitor.leave();
  });

  describe.each(GALLERY)('$name', ({ name, show }) => {
    let visitor: Visitor;
    let page: Page;

    beforeAll(async () => {
      ({ visitor, page } = await stage.enter({ reducedMotion: 'reduce' }));
      await show(page, stage.running);
    });
    afterAll(() => visitor?.leave());

    it.each(['light', 'dark'] as const)('has no findings of axe, %s', async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      for (const width of WIDTHS_PX) {
        await page.setViewportSize({ width, height: 800 });
        const path = `${PICTURES}/${name}-${width}-${colorScheme}.png`;
        await page.screenshot({ path, fullPage: true });
      }
      expect(await axeFindings(page)).toEqual([]);
    });

    it('fits into 320 px', async () => {
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await askPage(page, 'document.documentElement.scrollWidth', z.number())).toBe(320);
    });

    it('has targets of at least 44 px', async () => {
      expect(await askPage(page, SMALL_TARGETS, texts)).toEqual([]);
    });

    it('keeps room for its pictures before they come', async () => {
      expect(await askPage(page, PICTURES_WITHOUT_SIZE, texts)).toEqual([]);
    });

    it('shows where the keyboard is, at every stop', async () => {
      const reached = new Set<string>();
      const stops = await askPage(page, STOPS, z.number());
      for (let stop = 0; stop < stops; stop += 1) {
        await page.keyboard.press('Tab');
        const { html, outline } = await askPage(page, FOCUSED, focusedSchema);
        expect(`${outline}: ${html}`).toMatch(/^solid [2-9]px: <(a|button|select|input)\b/);
        reached.add(html);
      }
      expect(reached.size).toBe(stops);
    });

    it('complains of nothing, and asks no stranger for anything', () => {
      expect(visitor.offences()).toEqual([]);
    });
  });
});
