import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { jest } from '@jest/globals';
import { Provider, type Configuration, type InteractionResults } from 'oidc-provider';
import type { Secret } from '../../src/common/secret.js';
import { freePort } from './free-port.js';
import { UserAgent } from './user-agent.js';

/** The one person who lives there, as the REST API tells of them. */
export const PERSON = {
  id: 'PCERT1F',
  name: 'Grace Independent',
  email: 'grace@certified.example',
  html_url: 'https://certified.pagerduty.com/users/PCERT1F',
} as const;

const HOUR_S = 3600;
const CLIENT_ID = 'client-of-the-certified-server';
const CLIENT_SECRET = 'secret-of-the-certified-server+/&=?';
const CLAIMS = ['sub', 'account_id', 'user_id', 'subdomain', 'purpose'];

/**
 * `oidc-provider`, certified by the OpenID Foundation and written by nobody here, under PagerDuty's
 * paths: PKCE required, refresh tokens rotated, an authorization answer that names its issuer. A REST
 * API of one route takes the access tokens that it gave.
 */
export class CertifiedServer {
  readonly #paths: string[] = [];
  readonly #server: Server;
  readonly #provider: Provider;

  private constructor(
    readonly issuer: string,
    redirectUris: readonly string[],
  ) {
    this.#provider = makeProvider(issuer, redirectUris);
    const serve = this.#provider.callback();
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', issuer);
      this.#paths.push(pathname);
      if (pathname.startsWith('/interaction/')) void this.#askPerson(request, response);
      else if (pathname === '/api/users/me') void this.#tellProfile(request, response);
      else void serve(request, response);
    });
  }

  static async start(...redirectUris: readonly string[]): Promise<CertifiedServer> {
    const port = await freePort();
    const server = new CertifiedServer(`http://localhost:${port}`, redirectUris);
    server.#server.listen(port, 'localhost');
    await once(server.#server, 'listening');
    return server;
  }

  /** The app settings that point at this server; its ID token names no API, so the region is a setting. */
  settings(): Record<string, string> {
    return {
      PD_CLIENT_ID: CLIENT_ID,
      PD_CLIENT_SECRET: CLIENT_SECRET,
      PD_IDENTITY_URL: this.issuer,
      PD_ISSUERS: this.issuer,
      PD_REGION: 'eu',
      PD_API_URL_EU: `${this.issuer}/api`,
      PD_API_URL_US: `${this.issuer}/api-of-the-other-region`,
    };
  }

  /** How many requests came to this path. */
  count(path: string): number {
    return this.#paths.filter((one) => one === path).length;
  }

  /** Sends a person through the authorization, who says yes or no, and gives where they come out. */
  async decide(authorizeUrl: URL, decision: 'authorize' | 'deny' = 'authorize'): Promise<URL> {
    const person = new UserAgent(this.issuer);
    let next = authorizeUrl;
    while (next.origin === this.issuer) {
      if (next.pathname.startsWith('/interaction/')) next.searchParams.set('decision', decision);
      const answer = await person.get(next.href);
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`${answer.status}: ${await answer.text()}`);
      next = new URL(location, this.issuer);
    }
    return next;
  }

  /** Whether the server still takes this access token. */
  async takes(accessToken: Secret | undefined): Promise<boolean> {
    const answer = await fetch(`${this.issuer}/api/users/me`, {
      headers: { authorization: `Bearer ${accessToken?.reveal()}` },
    });
    return answer.ok;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #askPerson(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { searchParams } = new URL(request.url ?? '', this.issuer);
    const said =
      searchParams.get('decision') === 'authorize'
        ? await this.#yes()
        : { error: 'access_denied', error_description: 'The person said no.' };
    await this.#provider.interactionFinished(request, response, said);
  }

  async #yes(): Promise<InteractionResults> {
    const grant = new this.#provider.Grant({ accountId: PERSON.id, clientId: CLIENT_ID });
    grant.addOIDCScope('openid read');
    return { login: { accountId: PERSON.id }, consent: { grantId: await grant.save() } };
  }

  async #tellProfile(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '');
    const token = await this.#provider.AccessToken.find(bearer);
    const known = token?.accountId === PERSON.id;
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? { user: PERSON } : { error: { code: 2006 } }));
  }
}

function makeProvider(issuer: string, redirectUris: readonly string[]): Provider {
  // It warns that its memory ends with the process; here it shall.
  const warnings = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    return new Provider(issuer, configurationFor(redirectUris));
  } finally {
    warnings.mockRestore();
  }
}

function configurationFor(redirectUris: readonly string[]): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      revocation: '/oauth/revoke',
      jwks: '/global/oauth/anonymous/jwks',
    },
    pkce: { required: () => true },
    scopes: ['openid', 'read'],
    claims: { openid: CLAIMS },
    conformIdTokenClaims: false,
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({
        sub: PERSON.email,
        account_id: 'PACC0NT',
        user_id: accountId,
        subdomain: 'certified',
        purpose: 'id',
      }),
    }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: {
      AuthorizationCode: 30,
      AccessToken: HOUR_S,
      IdToken: HOUR_S,
      RefreshToken: HOUR_S,
      Grant: HOUR_S,
      Interaction: HOUR_S,
      Session: HOUR_S,
    },
    cookies: { keys: ['key of the certified server'] },
    jwks: { keys: [makeSigningKey()] },
  };
}

function makeSigningKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'certified', use: 'sig', alg: 'RS256' };
}
