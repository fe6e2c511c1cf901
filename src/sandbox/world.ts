import type { SandboxRegion } from './accounts.js';
import type { RegisteredApp } from './authorization-request.js';
import { BadDays } from './bad-days.js';
import { AuthorizationCodes } from './codes.js';
import { Grants } from './grants.js';
import type { IdTokenTamper } from './id-token.js';
import type { SandboxSettings } from './options.js';
import { RateLimit } from './rate-limit.js';
import { RequestLog } from './request-log.js';
import { SigningKeys } from './signing-key.js';

/** All that the sandbox remembers, shared by its routes. */
export class World {
  readonly days = new BadDays();
  readonly requests = new RequestLog();
  readonly redirectUris: Set<string>;
  readonly grants: Grants;
  readonly codes: AuthorizationCodes;
  readonly rateLimit: RateLimit;
  /** Known once it listens. */
  url = '';
  tamperIdToken: IdTokenTamper | undefined;
  authorizationIssuer: string | undefined;

  private constructor(
    readonly settings: SandboxSettings,
    readonly keys: SigningKeys,
  ) {
    const { life, now } = settings;
    this.redirectUris = new Set(settings.redirectUris);
    this.grants = new Grants(life, now);
    this.codes = new AuthorizationCodes(this.grants, now);
    this.rateLimit = new RateLimit(now);
  }

  static async create(settings: SandboxSettings): Promise<World> {
    return new World(settings, await SigningKeys.create(settings.clientSecrets[0]));
  }

  get app(): RegisteredApp {
    return { clientId: this.settings.clientId, redirectUris: this.redirectUris };
  }

  apiUrl(region: SandboxRegion): string {
    return `${this.url}/api/${region}`;
  }

  reset(): void {
    for (const kept of [this.days, this.requests, this.grants, this.codes, this.rateLimit])
      kept.clear();
    this.tamperIdToken = undefined;
    this.authorizationIssuer = undefined;
  }
}
