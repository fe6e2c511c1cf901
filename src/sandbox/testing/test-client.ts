import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Sandbox } from '../sandbox.js';

const tokenAnswer = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  scope: z.string(),
  token_type: z.string(),
  expires_in: z.number(),
  id_token: z.string().optional(),
  client_info: z.string().optional(),
});

export type TokenAnswer = z.output<typeof tokenAnswer>;

/** Parameters to change; undefined leaves one out. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** The smallest OAuth client that the sandbox is content with, for tests that need tokens but no app. */
export class TestClient {
  readonly redirectUri = 'http://localhost:5000/callback';
  readonly verifier = 'a-verifier-of-the-test-client-that-is-long-enough';
  readonly #settings: Record<string, string>;

  constructor(private readonly sandbox: Sandbox) {
    this.#settings = sandbox.settings();
  }

  authorizeUrl(changes: Changes = {}): URL {
    const url = new URL('/oauth/authorize', this.sandbox.url);
    const query = encode({
      client_id: this.#settings['PD_CLIENT_ID'],
      redirect_uri: this.redirectUri,
      response_type: 'code',
      scope: 'openid read',
      state: 'a-state',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    });
    url.search = query.toString();
    return url;
  }

  /** A fresh code for this person. */
  async code(personId?: string, changes: Changes = {}): Promise<string> {
    const callback = await this.sandbox.decide(this.authorizeUrl(changes), 'authorize', personId);
    return new URL(callback).searchParams.get('code') ?? '';
  }

  /** The token endpoint's answer to a code. */
  redeem(code: string, changes: Changes = {}): Promise<Response> {
    const { redirectUri: redirect_uri, verifier: code_verifier } = this;
    const grant = { grant_type: 'authorization_code', code, redirect_uri, code_verifier };
    return this.post('/oauth/token', { ...grant, ...changes });
  }

  /** The token endpoint's answer to a refresh token. */
  refresh(refreshToken: string): Promise<Response> {
    return this.post('/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  /** Goes the whole way for this person. */
  async connect(personId?: string, scope = 'openid read'): Promise<TokenAnswer> {
    return readTokens(await this.redeem(await this.code(personId, { scope })));
  }

  /** A form with the client's credentials in the body. */
  post(path: string, form: Changes, headers: Record<string, string> = {}): Promise<Response> {
    const { PD_CLIENT_ID: client_id, PD_CLIENT_SECRET: client_secret } = this.#settings;
    const body = encode({ client_id, client_secret, ...form });
    return fetch(new URL(path, this.sandbox.url), {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
    });
  }

  /** A REST call below `/api`. */
  api(path: string, accessToken: string): Promise<Response> {
    const headers = {
      authorization: `Bearer ${accessToken}`,
      accept: 'application/vnd.pagerduty+json;version=2',
    };
    return fetch(`${this.sandbox.url}/api${path}`, { headers });
  }
}

/** @throws z.ZodError where the answer holds no tokens */
export async function readTokens(answer: Response): Promise<TokenAnswer> {
  return tokenAnswer.parse(await answer.json());
}

function encode(parameters: Changes): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) form.set(name, value);
  }
  return form;
}
