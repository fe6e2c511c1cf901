import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Secret } from '../../common/secret.js';
import { pagerDutyConfig, type ClientSecrets, type PagerDutyConfig } from '../pagerduty.config.js';

/** What PagerDuty last said of this app's credentials. */
export type CredentialsState = 'unknown' | 'accepted' | 'rejected';

/** This app's client secrets, the one that works first, and whether PagerDuty accepts any: for readiness. */
@Injectable()
export class ClientCredentials {
  readonly #logger = new Logger(ClientCredentials.name);
  #secrets: ClientSecrets;
  #state: CredentialsState = 'unknown';

  constructor(@Inject(pagerDutyConfig.KEY) { clientSecrets }: PagerDutyConfig) {
    this.#secrets = clientSecrets;
  }

  get state(): CredentialsState {
    return this.#state;
  }

  /** In the order in which to try them. */
  get secrets(): ClientSecrets {
    return this.#secrets;
  }

  accept(secret: Secret): void {
    this.#state = 'accepted';
    if (this.#secrets[0] === secret) return;
    this.#logger.warn(
      'PagerDuty refused one of the two client secrets; the other is used first now',
    );
    this.#secrets = [secret, ...this.#secrets.filter((other) => other !== secret)];
  }

  /** PagerDuty refused every one. */
  reject(): void {
    this.#state = 'rejected';
  }
}
