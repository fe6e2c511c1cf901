import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  ConsoleMessage,
  Page,
} from 'playwright-core';
import type { RunningAppWithSandbox } from './app.js';

const PATIENCE_MS = 10_000;

/**
 * A person at a browser with an empty profile. Nothing goes out but to the app and its PagerDuty, and
 * whatever a good page never does is noted.
 */
export class Visitor {
  readonly #offences: string[] = [];
  readonly #messages: ConsoleMessage[] = [];
  readonly #documents = new Set<string>();

  private constructor(
    readonly context: BrowserContext,
    private readonly origins: readonly string[],
  ) {}

  static async arrive(
    browser: Browser,
    { url, sandbox }: Pick<RunningAppWithSandbox, 'url' | 'sandbox'>,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({ baseURL: url, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const visitor = new Visitor(context, [url, sandbox.url]);
    await visitor.#watch();
    return visitor;
  }

  openTab(): Promise<Page> {
    return this.context.newPage();
  }

  /** Dialogs, script errors, console errors (a CSP violation is one), and requests to strangers. */
  offences(): readonly string[] {
    const complaints = this.#messages
      .filter((message) => !this.#isAboutAnErrorPage(message))
      .map((message) => `console: ${message.text()}`);
    return [...this.#offences, ...complaints];
  }

  leave(): Promise<void> {
    return this.context.close();
  }

  async #watch(): Promise<void> {
    const { context } = this;
    await context.route(
      ({ origin }) => !this.origins.includes(origin),
      async (route) => {
        this.#offences.push(`request to a stranger: ${route.request().url()}`);
        await route.abort();
      },
    );
    context.on('dialog', async (dialog) => {
      this.#offences.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    context.on('weberror', (error) => this.#offences.push(`script: ${error.error().message}`));
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#messages.push(message);
    });
    context.on('response', (response) => {
      if (response.request().isNavigationRequest()) this.#documents.add(response.url());
    });
  }

  /** The browser notes each page whose status is 400 or more, as ours for errors have. */
  #isAboutAnErrorPage(message: ConsoleMessage): boolean {
    const isAboutStatus = message.text().includes('the server responded with a status of');
    return isAboutStatus && this.#documents.has(message.location().url);
  }
}
