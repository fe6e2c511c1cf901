import { createSecretKey, randomBytes } from 'node:crypto';
import { Secret } from '../../../src/common/secret.js';
import { replicaWith } from '../../../src/connections/testing/replica-with.js';
import { databaseConfig } from '../../../src/database/database.config.js';
import { openDatabase, type Database } from '../../../src/database/database.js';
import { migrate } from '../../../src/database/migrate.js';
import { Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.js';
import { TestClient } from '../../../src/sandbox/testing/test-client.js';
import { Worker } from './worker.js';

const KEY = randomBytes(32);
const CONNECTED_AT_ONCE = 20;
const MINUTE_MS = 60_000;
const LIFE_MS = 864_000_000;

/** One database, one PagerDuty that counts, and any number of replicas. */
export class TrialGround implements AsyncDisposable {
  readonly #workers: Worker[] = [];
  readonly #vault;
  #owners = 0;

  private constructor(
    readonly database: Database,
    readonly sandbox: Sandbox,
    private readonly databaseUrl: string,
    private readonly build: string,
  ) {
    const key = { id: 'trial', key: createSecretKey(KEY) };
    this.#vault = replicaWith(database, key).vault;
  }

  static async lay(build: string, url: string, options: SandboxOptions = {}): Promise<TrialGround> {
    process.env['DATABASE_URL'] = url;
    const database = openDatabase(databaseConfig());
    await migrate(database);
    return new TrialGround(database, await Sandbox.start(options), url, build);
  }

  async startWorkers(count: number): Promise<readonly Worker[]> {
    return Promise.all(Array.from({ length: count }, () => this.startWorker()));
  }

  async startWorker(clockOffsetMs = 0): Promise<Worker> {
    const worker = await Worker.start(this.build, {
      ...this.sandbox.settings(),
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: this.databaseUrl,
      ENCRYPTION_KEYS: `trial:${KEY.toString('base64')}`,
      CLOCK_OFFSET_MS: String(clockOffsetMs),
    });
    this.#workers.push(worker);
    return worker;
  }

  /** Connections with a grant each, their access tokens at their end unless told otherwise; gives their ids. */
  async connect(count: number, lifeLeftMs = -MINUTE_MS): Promise<readonly string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const length = Math.min(CONNECTED_AT_ONCE, count - ids.length);
      ids.push(
        ...(await Promise.all(Array.from({ length }, () => this.#connectOwner(this.#newOwner())))),
      );
    }
    await this.age(ids, lifeLeftMs);
    this.sandbox.requests.clear();
    return ids;
  }

  /** {@link connect} for one. */
  async connectOne(lifeLeftMs?: number): Promise<string> {
    const [id = ''] = await this.connect(1, lifeLeftMs);
    return id;
  }

  /** The person of a connection connects anew. */
  async connectAgain(id: string): Promise<void> {
    const { owner } = await this.row(id);
    await this.#connectOwner(owner);
  }

  /** Lets the access tokens be so long before their end, as if they had come ten days before it. */
  async age(ids: readonly string[], lifeLeftMs: number): Promise<void> {
    const expiresAtMs = Date.now() + lifeLeftMs;
    const update = this.database.updateTable('connections').set({
      access_token_issued_at_ms: expiresAtMs - LIFE_MS,
      access_token_expires_at_ms: expiresAtMs,
    });
    await update.where('id', 'in', ids).execute();
  }

  async row(id: string) {
    const query = this.database.selectFrom('connections').selectAll().where('id', '=', id);
    return query.executeTakeFirstOrThrow();
  }

  /** The refresh tokens that were sent to PagerDuty, in order. */
  refreshTokensSent(): readonly string[] {
    const requests = this.sandbox.requests.tokenRequests('refresh_token');
    return requests.map(({ form }) => form?.['refresh_token'] ?? '');
  }

  /** Whether PagerDuty takes that access token now. */
  async isGood(accessToken: string | undefined): Promise<boolean> {
    const client = new TestClient(this.sandbox);
    return (await client.api('/us/users/me', accessToken ?? '')).status === 200;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.kill()));
    await this.sandbox.stop();
    await this.database.destroy();
  }

  #newOwner(): string {
    this.#owners += 1;
    return `owner-${this.#owners}`;
  }

  async #connectOwner(owner: string): Promise<string> {
    const tokens = await new TestClient(this.sandbox).connect();
    const { id } = await this.#vault.store({
      owner,
      identity: { accountId: 'PLGHT0S', userId: 'PRB1N0K', subdomain: undefined, region: 'us' },
      profile: PROFILE,
      scope: tokens.scope.split(' '),
      tokenSet: {
        accessToken: new Secret(tokens.access_token),
        refreshToken: new Secret(tokens.refresh_token),
        idToken: undefined,
        scope: undefined,
        expiresInS: tokens.expires_in,
      },
    });
    return id;
  }
}

const PROFILE = {
  id: 'PRB1N0K',
  name: 'Robin Okafor',
  email: 'robin@example.com',
  role: undefined,
  jobTitle: undefined,
  timeZone: undefined,
  avatarUrl: undefined,
  htmlUrl: undefined,
  teams: [],
} as const;
