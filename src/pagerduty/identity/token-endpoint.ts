import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { Secret } from '../../common/secret.js';
import { isSuccess, unusable } from '../answer-errors.js';
import { HttpTransport, type TransportAnswer } from '../http-transport.js';
import { pagerDutyConfig, type PagerDutyConfig } from '../pagerduty.config.js';
import { TimeBudget } from '../time-budget.js';
import { toUnavailable } from '../transport-error.js';
import { ClientCredentials } from './client-credentials.js';
import { parseTokenAnswer } from './token-answer.js';
import { readOAuthError, refusesClient, toRefusal, type GrantType } from './token-refusal.js';
import type { TokenSet } from './token-set.js';

// Each covers the attempts with both client secrets.
const EXCHANGE_DEADLINE_MS = 6_000;
const REFRESH_DEADLINE_MS = 10_000;
const REVOKE_DEADLINE_MS = 3_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** What the browser brought back, and what it must match (RFC 6749 section 4.1.3, RFC 7636 section 4.5). */
export interface AuthorizationCode {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

type Parameters = Readonly<Record<string, string>>;

/** The last answer, and the secret that brought it about. */
interface Attempt {
  readonly answer: TransportAnswer;
  readonly secret: Secret;
}

/** PagerDuty's token and revocation endpoints, with the client's secret in the body. */
@Injectable()
export class TokenEndpoint {
  constructor(
    @Inject(pagerDutyConfig.KEY) private readonly config: PagerDutyConfig,
    private readonly transport: HttpTransport,
    private readonly credentials: ClientCredentials,
    private readonly clock: Clock,
  ) {}

  /**
   * Turns a code into tokens, of which a refresh token is always one.
   * @throws AppError `code_rejected`, `client_rejected`, `authorization_failed`, `rate_limited` or `pagerduty_unavailable`
   */
  async exchangeCode({ code, redirectUri, codeVerifier }: AuthorizationCode): Promise<TokenSet> {
    return this.#obtain(
      'authorization_code',
      { code, redirect_uri: redirectUri, code_verifier: codeVerifier },
      EXCHANGE_DEADLINE_MS,
    );
  }

  /**
   * Turns a refresh token into new tokens; take the old one for dead from the moment of this call.
   * @throws AppError as {@link exchangeCode}; a {@link TokenRefusedError} tells PagerDuty's word, a
   * {@link TransportError} as its cause whether the request was never sent
   */
  async refresh(refreshToken: Secret): Promise<TokenSet> {
    const parameters = { refresh_token: refreshToken.reveal() };
    return this.#obtain('refresh_token', parameters, REFRESH_DEADLINE_MS);
  }

  /** Best effort, for PagerDuty documents no such endpoint: true only where it said yes; never throws. */
  async revoke(token: Secret): Promise<boolean> {
    try {
      const budget = new TimeBudget(this.clock, REVOKE_DEADLINE_MS);
      const { answer } = await this.#post('/oauth/revoke', { token: token.reveal() }, budget);
      return isSuccess(answer);
    } catch {
      return false;
    }
  }

  async #obtain(grantType: GrantType, parameters: Parameters, ms: number): Promise<TokenSet> {
    const { answer, secret } = await this.#post(
      '/oauth/token',
      { grant_type: grantType, ...parameters },
      new TimeBudget(this.clock, ms),
    );
    const tokens = isSuccess(answer) ? parseTokenAnswer(answer.text) : undefined;
    this.#learn(tokens !== undefined, answer, secret);
    if (!tokens) throw isSuccess(answer) ? unusable(answer) : toRefusal(answer, grantType);
    if (grantType === 'authorization_code' && !tokens.refreshToken) throw unusable(answer);
    return tokens;
  }

  #learn(gaveTokens: boolean, answer: TransportAnswer, secret: Secret): void {
    if (refusesClient(answer)) return this.credentials.reject();
    // The client is checked before the grant (RFC 6749 section 3.2.1).
    if (gaveTokens || readOAuthError(answer) === 'invalid_grant') this.credentials.accept(secret);
  }

  async #post(path: string, parameters: Parameters, budget: TimeBudget): Promise<Attempt> {
    const attempt = async (secret: Secret): Promise<Attempt> => {
      const client = { client_id: this.config.clientId, client_secret: secret.reveal() };
      return { secret, answer: await this.#send(path, { ...parameters, ...client }, budget) };
    };
    const [first, second] = this.credentials.secrets;
    const attempted = await attempt(first);
    return second && refusesClient(attempted.answer) ? attempt(second) : attempted;
  }

  async #send(path: string, body: Parameters, budget: TimeBudget): Promise<TransportAnswer> {
    try {
      return await this.transport.request(`${this.config.identityUrl}${path}`, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams(body).toString(),
        deadlineMs: budget.leftMs(),
        maxBytes: MAX_ANSWER_BYTES,
      });
    } catch (error) {
      throw toUnavailable(error);
    }
  }
}
