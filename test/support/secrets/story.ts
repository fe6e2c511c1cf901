import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../../src/sandbox/bad-days.js';
import { Sandbox } from '../../../src/sandbox/sandbox.js';
import { freePort } from '../free-port.js';
import { Program, ScratchFolder } from '../program.js';
import { authorize } from '../sign-in.js';
import { UserAgent } from '../user-agent.js';
import { Recorder } from './recorder.js';
import type { Place, Treasure } from './search.js';
import { STRAY_REQUESTS, sendJunk } from './stray-requests.js';
import {
  MADE_UP_TREASURES,
  secretFields,
  treasuresAtPagerDuty,
  treasuresInBrowsers,
} from './treasures.js';
import type { Trouble } from './troubles.js';

const DATABASE = 'rows.sqlite';
const KEY = Buffer.alloc(32, 'found by no chance').toString('base64');

/**
 * The built program in all its wordiness, as a process of its own, with people who come and go and
 * everything that goes wrong meanwhile.
 */
export class Story implements AsyncDisposable {
  readonly recorder = new Recorder();
  readonly #issued: Treasure[] = [{ kind: 'encryption key', text: KEY }];

  private constructor(
    readonly url: string,
    readonly sandbox: Sandbox,
    readonly program: Program,
    private readonly folder: ScratchFolder,
  ) {}

  static async begin(build: string): Promise<Story> {
    const port = String(await freePort());
    const url = `http://localhost:${port}`;
    const folder = await ScratchFolder.make();
    const sandbox = await Sandbox.start({ redirectUris: [`${url}/callback`] });
    const env = {
      ...sandbox.settings(),
      PORT: port,
      REDIRECT_URI: `${url}/callback`,
      ENCRYPTION_KEYS: `k1:${KEY}`,
      DATABASE_URL: `sqlite:${join(folder.path, DATABASE)}`,
      LOG_LEVEL: 'trace',
    };
    const program = Program.launch({ env, build, folder: folder.path });
    const story = new Story(url, sandbox, program, folder);
    await program.opened();
    return story;
  }

  browser(accept = 'text/html'): UserAgent {
    return new UserAgent(this.url, accept, this.recorder.fetch);
  }

  /** A new browser of this person, signed in; the callback was loaded twice and every page looked at. */
  async signIn(personId: string, browser = this.browser()): Promise<UserAgent> {
    this.clearTroubles();
    const callback = await authorize(this, browser, { personId });
    for (const path of [callback, callback, '/', '/welcome', '/disconnect'])
      await browser.get(path);
    return browser;
  }

  /** A sign-in that fails; gives the answer that it ends with. */
  async fail(trouble: Trouble, browser: UserAgent): Promise<Response> {
    const { token, profile, keys, decision } = trouble;
    const callback = await authorize(this, browser, decision ? { decision } : {});
    this.clearTroubles(trouble.tokens);
    trouble.given?.(this.sandbox);
    if (token) this.sandbox.days.set('token', token);
    if (profile) this.sandbox.days.set('users_me', profile);
    if (keys) this.sandbox.days.set('jwks', keys);
    const arrival = await trouble.arrives?.(new URL(callback, this.url), this.sandbox);
    return browser.get(arrival ?? callback);
  }

  /** Sends what belongs to no sign-in, and gives the answers' statuses. */
  async stray(): Promise<readonly number[]> {
    const statuses: number[] = [];
    for (const { path, init } of STRAY_REQUESTS) {
      const { status } = await this.recorder.fetch(this.url + path, {
        ...init,
        redirect: 'manual',
      });
      statuses.push(status);
    }
    await sendJunk(Number(new URL(this.url).port));
    return statuses;
  }

  /** Every byte of the database's files, one character for each. */
  async databaseFiles(): Promise<readonly Place[]> {
    const names = (await readdir(this.folder.path)).filter((name) => name.startsWith(DATABASE));
    return Promise.all(
      names.map(async (where) => ({
        where,
        text: await readFile(join(this.folder.path, where), 'latin1'),
        mayHold: [],
      })),
    );
  }

  /** Every secret that has come up so far, wherever it was. */
  treasures(): readonly Treasure[] {
    return [
      ...this.#issued,
      ...treasuresAtPagerDuty(this.sandbox),
      ...treasuresInBrowsers(this.recorder),
      ...MADE_UP_TREASURES,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    await this.sandbox.stop();
    await this.folder[Symbol.asyncDispose]();
  }

  /** Good days, except that every token answer is looked into. */
  clearTroubles(change: Trouble['tokens'] = (honest) => honest): void {
    this.sandbox.days.clear();
    this.sandbox.tamperIdToken = undefined;
    const json = (honest: JsonObject): JsonObject => {
      this.#issued.push(...secretFields(honest));
      return change(honest);
    };
    this.sandbox.days.set('token', { kind: 'tamper', json });
  }
}
