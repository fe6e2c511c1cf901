import { Inject, Injectable, Logger } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import type { Connection } from '../connections/connection.js';
import { ConnectionVault } from '../connections/connection-vault.js';
import { IdTokenVerifier } from '../pagerduty/identity/id-token-verifier.js';
import type { Identity } from '../pagerduty/identity/identity.js';
import { TokenEndpoint } from '../pagerduty/identity/token-endpoint.js';
import type { TokenSet } from '../pagerduty/identity/token-set.js';
import { pagerDutyConfig, type PagerDutyConfig } from '../pagerduty/pagerduty.config.js';
import { PagerDutyClient } from '../pagerduty/rest/pagerduty-client.js';
import type { Profile } from '../pagerduty/rest/profile.js';
import { authConfig, type AuthConfig } from './auth.config.js';
import { assertScopesGranted } from './scope-check.js';
import type { SignIn, SignInAttempt } from './sign-in-attempt.js';
import { SignIns } from './sign-ins.js';

/** The owner of connections that people make for themselves, and not for a host application's user. */
const SIGNED_IN_HERE = '';

/** From a token answer to a connected, signed-in person, and back. */
@Injectable()
export class AuthService {
  readonly #logger = new Logger(AuthService.name);

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    @Inject(pagerDutyConfig.KEY) private readonly pagerDuty: PagerDutyConfig,
    private readonly idTokens: IdTokenVerifier,
    private readonly client: PagerDutyClient,
    private readonly tokenEndpoint: TokenEndpoint,
    private readonly vault: ConnectionVault,
    private readonly signIns: SignIns,
  ) {}

  /**
   * Signs the browser in: stores the connection, and starts a session in place of its earlier one.
   * Nothing is stored before everything is checked.
   * @throws AppError `insufficient_scope`, `identity_invalid`, `pagerduty_unavailable`, `rate_limited`, `storage_unavailable`
   */
  async signIn({ request, flow }: SignInAttempt, tokenSet: TokenSet): Promise<SignIn> {
    if (!flow) throw new AppError('internal_error', 'A sign-in came through without its flow.');
    const { id, accountId, userId } = await this.#connect(tokenSet);
    this.#logger.log({ connection_id: id, account_id: accountId, user_id: userId }, 'Connected');
    return this.signIns.begin(request, id, flow);
  }

  /**
   * Forgets the connection's tokens for good, then asks PagerDuty to revoke them.
   * @returns whether PagerDuty confirmed the revocation
   */
  async disconnect({ id }: Connection): Promise<boolean> {
    const forgotten = await this.vault.forget(id);
    // The refresh token first: without it the grant cannot be renewed.
    const tokens = [forgotten?.refreshToken, forgotten?.accessToken];
    let allRevoked = true;
    for (const token of tokens) {
      const revoked = token !== undefined && (await this.tokenEndpoint.revoke(token));
      allRevoked &&= revoked;
    }
    this.#logger.log({ connection_id: id, revoked: allRevoked }, 'Disconnected');
    return allRevoked;
  }

  async #connect(tokenSet: TokenSet): Promise<Connection> {
    // RFC 6749 section 5.1: an answer that names no scope granted what was asked.
    const scope = tokenSet.scope ?? ['openid', ...this.config.scopes];
    assertScopesGranted(this.config.scopes, scope);
    const { accessToken, idToken } = tokenSet;
    const said = idToken && (await this.idTokens.verify(idToken, accessToken));
    const region = said?.region ?? this.pagerDuty.defaultRegion;
    const profile = await this.client.me({ accessToken, region });
    const identity = said ?? identityFromProfile(profile, region);
    if (profile.id !== identity.userId) {
      throw new AppError(
        'identity_invalid',
        'PagerDuty’s ID token and its user profile speak of two different people.',
      );
    }
    return this.vault.store({
      owner: SIGNED_IN_HERE,
      identity,
      profile,
      tokenSet,
      scope,
    });
  }
}

/** Without an ID token the account is known by its subdomain alone, from the profile's own address. */
function identityFromProfile(profile: Profile, region: Identity['region']): Identity {
  const host = profile.htmlUrl ? URL.parse(profile.htmlUrl)?.hostname : undefined;
  const subdomain = host?.split('.')[0];
  if (!subdomain) {
    throw new AppError(
      'identity_invalid',
      'PagerDuty sent neither an ID token nor a profile that names the account.',
    );
  }
  return { accountId: subdomain, userId: profile.id, subdomain, region };
}
