import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { InteractionResults, Provider } from 'oidc-provider';
import type { Secret } from '../../src/common/secret.js';
import { CLIENT_ID, CLIENT_SECRET, makeProvider, PERSON } from './certified-provider.js';
import { freePort } from './free-port.js';
import { UserAgent } from './user-agent.js';

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
