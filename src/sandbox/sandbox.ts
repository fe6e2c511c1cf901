import type { FastifyInstance } from 'fastify';
import type { BadDays } from './bad-days.js';
import type { SandboxGrant } from './grants.js';
import type { IdTokenTamper } from './id-token.js';
import { fillIn, type SandboxOptions } from './options.js';
import { PEOPLE, type SandboxPerson } from './people.js';
import type { RequestLog } from './request-log.js';
import { buildServer } from './server.js';
import { World } from './world.js';

export type { SandboxOptions } from './options.js';

/**
 * A PagerDuty in a box on its own loopback port, for development and tests; at least as strict as the
 * real one wherever that is known. See docs/sandbox.md.
 */
export class Sandbox {
  readonly people: readonly SandboxPerson[] = PEOPLE;
  readonly #world: World;
  readonly #server: FastifyInstance;

  private constructor(world: World, server: FastifyInstance) {
    this.#world = world;
    this.#server = server;
  }

  /** Listens on 127.0.0.1 when the promise is kept. */
  static async start(options: SandboxOptions = {}): Promise<Sandbox> {
    const settings = fillIn(options);
    const world = await World.create(settings);
    const server = await buildServer(world);
    world.url = await server.listen({ host: '127.0.0.1', port: settings.port });
    return new Sandbox(world, server);
  }

  /** `http://127.0.0.1:PORT`, the identity base; not `localhost`, so that it is another site than the app. */
  get url(): string {
    return this.#world.url;
  }

  /** Which bad days are on. */
  get days(): BadDays {
    return this.#world.days;
  }

  /** What was asked of it. */
  get requests(): RequestLog {
    return this.#world.requests;
  }

  /** Changes every ID token before it is signed; see {@link IdTokenTamper}. */
  get tamperIdToken(): IdTokenTamper | undefined {
    return this.#world.tamperIdToken;
  }

  set tamperIdToken(tamper: IdTokenTamper | undefined) {
    this.#world.tamperIdToken = tamper;
  }

  /** The `iss` of authorization answers (RFC 9207); none by default, as what PagerDuty does is not known. */
  get authorizationIssuer(): string | undefined {
    return this.#world.authorizationIssuer;
  }

  set authorizationIssuer(issuer: string | undefined) {
    this.#world.authorizationIssuer = issuer;
  }

  /** The app settings that point at this sandbox. */
  settings(): Record<string, string> {
    const { clientId, clientSecrets } = this.#world.settings;
    return {
      PD_CLIENT_ID: clientId,
      PD_CLIENT_SECRET: clientSecrets[0],
      PD_IDENTITY_URL: this.url,
      PD_API_URL_US: this.#world.apiUrl('us'),
      PD_API_URL_EU: this.#world.apiUrl('eu'),
    };
  }

  /** For an app whose port is known only after it listens. */
  registerRedirectUri(uri: string): void {
    this.#world.redirectUris.add(uri);
  }

  /** A new signing key with a new `kid`; the old one leaves the JWKS at once. */
  async rotateKeys(): Promise<void> {
    await this.#world.keys.rotate();
  }

  /** Every grant, in the order they began. */
  grants(): readonly SandboxGrant[] {
    return this.#world.grants.all();
  }

  /** Ends a grant, as a person does on their profile page. */
  revokeGrant(id: string): void {
    this.#world.grants.end(id, 'ended by the person');
  }

  /**
   * Says yes or no to an authorization request as a browser would, and gives the callback URL that it
   * would be sent to.
   * @throws Error with the sandbox's page, where there is no redirect
   */
  async decide(
    authorizeUrl: string | URL,
    decision: 'authorize' | 'deny' = 'authorize',
    personId = PEOPLE[0]?.id ?? '',
  ): Promise<string> {
    const body = new URLSearchParams(new URL(authorizeUrl).searchParams);
    body.set('decision', decision);
    body.set('person', personId);
    const target = `${this.url}/oauth/authorize`;
    const answer = await fetch(target, { method: 'POST', body, redirect: 'manual' });
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${answer.status}: ${await answer.text()}`);
    return location;
  }

  /** Forgets grants, codes, bad days, requests and tampering; keys and redirect URIs stay. */
  reset(): void {
    this.#world.reset();
  }

  /** Closes at once, hanging connections too. */
  async stop(): Promise<void> {
    await this.#server.close();
  }

  /** Stops at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
