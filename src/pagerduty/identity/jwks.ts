import { Inject, Injectable } from '@nestjs/common';
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { Clock } from '../../common/clock.js';
import { unusable } from '../answer-errors.js';
import { HttpTransport } from '../http-transport.js';
import { pagerDutyConfig, type PagerDutyConfig } from '../pagerduty.config.js';
import { parseJson } from '../parse-json.js';
import { toUnavailable } from '../transport-error.js';

const PATH = '/global/oauth/anonymous/jwks';
const LIFE_MS = 3_600_000;
const RENEWAL_GAP_MS = 5_000;
const DEADLINE_MS = 2_000;
const MAX_ANSWER_BYTES = 256 * 1024;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

interface CachedKeys {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAtMs: number;
}

/**
 * PagerDuty's published signing keys, kept for an hour. They rotate without notice, so a key that is
 * not among them has them fetched again, at most once in 5 seconds: made-up key ids cost no requests.
 */
@Injectable()
export class Jwks {
  #cached: CachedKeys | undefined;
  #fetching: Promise<CachedKeys> | undefined;
  #renewedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    @Inject(pagerDutyConfig.KEY) private readonly config: PagerDutyConfig,
    private readonly transport: HttpTransport,
    private readonly clock: Clock,
  ) {}

  /**
   * The key that a token's header names, as jose asks for it.
   * @throws AppError `pagerduty_unavailable`, or jose's `JWKSNoMatchingKey`
   */
  readonly findKey: JWTVerifyGetKey = async (header, token) => {
    const cached = this.#cached;
    if (!cached || this.clock.now() - cached.fetchedAtMs >= LIFE_MS) {
      return (await this.#fetchOnce()).find(header, token);
    }
    try {
      return await cached.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return (await this.#renew(cached)).find(header, token);
    }
  };

  /** Newer keys than those, or the same where they were renewed too short a time ago. */
  async #renew(known: CachedKeys): Promise<CachedKeys> {
    if (this.#fetching) return this.#fetching;
    if (this.#cached && this.#cached !== known) return this.#cached;
    if (this.clock.now() - this.#renewedAtMs < RENEWAL_GAP_MS) return known;
    this.#renewedAtMs = this.clock.now();
    return this.#fetchOnce();
  }

  async #fetchOnce(): Promise<CachedKeys> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<CachedKeys> {
    const answer = await this.#get();
    const keys = answer.status === 200 ? parseJson(answer.text, keySet) : undefined;
    if (!keys) throw unusable(answer);
    this.#cached = { find: createLocalJWKSet(keys), fetchedAtMs: this.clock.now() };
    return this.#cached;
  }

  async #get(): ReturnType<HttpTransport['request']> {
    try {
      return await this.transport.request(`${this.config.identityUrl}${PATH}`, {
        method: 'GET',
        headers: { accept: 'application/json' },
        deadlineMs: DEADLINE_MS,
        maxBytes: MAX_ANSWER_BYTES,
      });
    } catch (error) {
      throw toUnavailable(error);
    }
  }
}
