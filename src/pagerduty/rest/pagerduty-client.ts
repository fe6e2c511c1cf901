import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Secret } from '../../common/secret.js';
import { isSuccess, unusable } from '../answer-errors.js';
import type { TransportAnswer } from '../http-transport.js';
import { pagerDutyConfig, type PagerDutyConfig } from '../pagerduty.config.js';
import { parseJson } from '../parse-json.js';
import type { Region } from '../region.js';
import { toUnavailable } from '../transport-error.js';
import { profileAnswer } from './parse-profile.js';
import { PatientTransport } from './patient-transport.js';
import type { Profile } from './profile.js';
import { identityInvalid, toProfileRefusal } from './refusal.js';

const BUDGET_MS = 5_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** A person's access token, and the region whose API takes it. */
export interface Grant {
  readonly accessToken: Secret;
  readonly region: Region;
}

/** PagerDuty's REST API, version 2, with a person's own token. */
@Injectable()
export class PagerDutyClient {
  constructor(
    @Inject(pagerDutyConfig.KEY) private readonly config: PagerDutyConfig,
    private readonly transport: PatientTransport,
  ) {}

  /**
   * The person whose token it is; short trouble is waited out, 5 seconds in all.
   * @throws AppError `identity_invalid`, `insufficient_scope`, `rate_limited` or `pagerduty_unavailable`
   */
  async me(grant: Grant): Promise<Profile> {
    const answer = await this.#get('/users/me', grant);
    if (!isSuccess(answer)) throw toProfileRefusal(answer, grant.region);
    const profile = parseJson(answer.text, profileAnswer);
    if (profile) return profile;
    if (!parseJson(answer.text, z.looseObject({}))) throw unusable(answer);
    throw identityInvalid('PagerDuty gave a profile without a usable id, name or e-mail address.');
  }

  async #get(path: string, { accessToken, region }: Grant): Promise<TransportAnswer> {
    try {
      return await this.transport.get(`${this.config.apiUrls[region]}${path}`, {
        headers: {
          accept: 'application/vnd.pagerduty+json;version=2',
          authorization: `Bearer ${accessToken.reveal()}`,
        },
        budgetMs: BUDGET_MS,
        maxBytes: MAX_ANSWER_BYTES,
      });
    } catch (error) {
      throw toUnavailable(error);
    }
  }
}
