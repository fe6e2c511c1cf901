import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startAppWithSandbox, type RunningAppWithSandbox } from './app.js';
import { launchChromium } from './chromium.js';
import { freePort } from './free-port.js';
import { Visitor } from './visitor.js';

/** The program as `npm start` shows it, its PagerDuty, and one browser. */
export class Stage {
  private constructor(
    readonly running: RunningAppWithSandbox,
    readonly browser: Browser,
  ) {}

  static async set(): Promise<Stage> {
    const port = await freePort();
    const settings = { SANDBOX_URL: `http://127.0.0.1:${port}` };
    const running = await startAppWithSandbox(settings, { port });
    try {
      return new Stage(running, await launchChromium());
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  /** A sandbox that has forgotten everything, and a browser with an empty profile. */
  async enter(options: BrowserContextOptions = {}): Promise<{ visitor: Visitor; page: Page }> {
    this.running.sandbox.reset();
    const visitor = await Visitor.arrive(this.browser, this.running, options);
    return { visitor, page: await visitor.openTab() };
  }

  async strike(): Promise<void> {
    await this.browser.close();
    await this.running.stop();
  }
}
