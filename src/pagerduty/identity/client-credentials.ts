import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { Secret } from '../../common/secret.js';
import { pagerDutyConfig, type ClientSecrets, type PagerDutyConfig } from '../pagerduty.config.js';

const PROBE_EVERY_MS = 5_000;

/** What PagerDuty last said of this app's credentials. */
export type CredentialsState = 'unknown' | 'accepted' | 'rejected';

/** This app's client secrets, the one that works first, and whether PagerDuty accepts any: for readiness. */
@Injectable()
export class ClientCredentials {
  readonly #logger = new Logger(ClientCredentials.name);
  #secrets: ClientSecrets;
  #state: CredentialsState = 'unknown';
  #probedAtMs = 0;

  constructor(
    @Inject(pagerDutyConfig.KEY) { clientSecrets }: PagerDutyConfig,
    private readonly clock: Clock,
  ) {
    this.#secrets = clientSecrets;
  }

  get state(): CredentialsState {
    return this.#state;
  }

  /** In the order in which to try them. */
  get secrets(): ClientSecrets {
    return this.#secrets;
  }

  /** Whether a refresh may be sent: while PagerDuty refuses this app, one in five seconds probes. */
  mayTry(): boolean {
    const nowMs = this.clock.now();
    if (this.#state !== 'rejected') return true;
    if (nowMs - this.#probedAtMs < PROBE_EVERY_MS) return false;
    this.#probedAtMs = nowMs;
    return true;
  }

  accept(secret: Secret): void {
    if (this.#state === 'rejected') this.#logger.warn('PagerDuty accepts this application again');
    this.#state = 'accepted';
    if (this.#secrets[0] === secret) return;
    this.#logger.warn(
      'PagerDuty refused one of the two client secrets; the other is used first now',
    );
    this.#secrets = [secret, ...this.#secrets.filter((other) => other !== secret)];
  }

  /** PagerDuty refused every one. */
  reject(): void {
    this.#probedAtMs = this.clock.now();
    if (this.#state !== 'rejected') {
      this.#logger.error(
        'PagerDuty refuses this application: nothing can be connected or refreshed. Compare PD_CLIENT_ID and PD_CLIENT_SECRET with App Functionality of the registered app',
      );
    }
    this.#state = 'rejected';
  }
}
