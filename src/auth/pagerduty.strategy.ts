import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy, type StateStore, type StrategyOptionsWithRequest } from 'passport-oauth2';
import { httpConfig, type HttpConfig } from '../common/http.config.js';
import type { Secret } from '../common/secret.js';
import { TokenEndpoint } from '../pagerduty/identity/token-endpoint.js';
import type { TokenSet } from '../pagerduty/identity/token-set.js';
import { pagerDutyConfig, type PagerDutyConfig } from '../pagerduty/pagerduty.config.js';
import { authConfig, type AuthConfig } from './auth.config.js';
import { AuthService } from './auth.service.js';
import { FlowStateStore } from './flow-state-store.js';
import type { SignIn, SignInAttempt } from './sign-in-attempt.js';

export const STRATEGY_NAME = 'pagerduty';
// Request, access token, refresh token, token answer, profile, done: with fewer the answer is not passed on.
const VERIFY_ARITY = 6;

/** What the library puts into a token request beside the code. */
interface ExchangeParameters {
  readonly redirect_uri: string;
  readonly code_verifier: string;
}

type TokenExchanged = (
  error: unknown,
  accessToken?: Secret,
  refreshToken?: Secret,
  tokenSet?: TokenSet,
) => void;

/**
 * `passport-oauth2` set up for PagerDuty: authorization code with PKCE (S256). Its token request is
 * ours, since its own has no time-out and takes any body for an answer.
 */
@Injectable()
export class PagerDutyStrategy extends PassportStrategy(Strategy, STRATEGY_NAME, VERIFY_ARITY) {
  constructor(
    @Inject(pagerDutyConfig.KEY) { identityUrl, clientId }: PagerDutyConfig,
    @Inject(authConfig.KEY) { scopes }: AuthConfig,
    @Inject(httpConfig.KEY) { redirectUri }: HttpConfig,
    // The library's own type declarations know neither of the PKCE signatures.
    @Inject(FlowStateStore) flowStateStore: StateStore,
    private readonly tokenEndpoint: TokenEndpoint,
    private readonly auth: AuthService,
  ) {
    super({
      authorizationURL: `${identityUrl}/oauth/authorize`,
      tokenURL: `${identityUrl}/oauth/token`,
      clientID: clientId,
      // The token endpoint's client holds the secrets; the library's own request is never made.
      clientSecret: '',
      callbackURL: redirectUri,
      scope: ['openid', ...scopes],
      pkce: true,
      state: true,
      store: flowStateStore,
      skipUserProfile: true,
      passReqToCallback: true,
    } satisfies StrategyOptionsWithRequest);
    Object.assign(this._oauth2, {
      getOAuthAccessToken: (code: string, params: ExchangeParameters, done: TokenExchanged) =>
        void this.#exchange(code, params, done),
    });
  }

  /** Called with the token answer: makes the connection and the session. */
  validate(
    attempt: SignInAttempt,
    _accessToken: Secret,
    _refreshToken: Secret,
    tokenSet: TokenSet,
  ): Promise<SignIn> {
    return this.auth.signIn(attempt, tokenSet);
  }

  async #exchange(code: string, params: ExchangeParameters, done: TokenExchanged): Promise<void> {
    let tokenSet: TokenSet;
    try {
      tokenSet = await this.tokenEndpoint.exchangeCode({
        code,
        redirectUri: params.redirect_uri,
        codeVerifier: params.code_verifier,
      });
    } catch (error) {
      done(error);
      return;
    }
    done(null, tokenSet.accessToken, tokenSet.refreshToken, tokenSet);
  }
}
