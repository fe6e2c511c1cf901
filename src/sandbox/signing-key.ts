import {
  createHmac,
  generateKeyPair,
  randomUUID,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Who signs a token: the sandbox with its key, a stranger with an RSA key that no JWKS has, somebody who
 * abuses the client secret or the public key (SPKI, PEM) as an HMAC key, or nobody.
 */
export type Signer = 'sandbox' | 'stranger' | 'client-secret' | 'public-key' | 'nobody';

/** The JOSE header; `alg` follows the signer unless it is given. */
export interface JwtHeader {
  readonly alg?: string;
  readonly kid?: string;
  readonly [name: string]: unknown;
}

/** A token before it is signed. */
export interface UnsignedToken {
  readonly header: JwtHeader;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signedBy: Signer;
}

interface RsaKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const ALG = {
  sandbox: 'RS256',
  stranger: 'RS256',
  'client-secret': 'HS256',
  'public-key': 'HS256',
  nobody: 'none',
} as const satisfies Record<Signer, string>;

/** The RSA key that signs ID tokens, and the keys that should never be believed. */
export class SigningKeys {
  #stranger: Promise<RsaKey> | undefined;

  private constructor(
    private current: RsaKey,
    private readonly clientSecret: string,
  ) {}

  static async create(clientSecret: string): Promise<SigningKeys> {
    return new SigningKeys(await makeKey(), clientSecret);
  }

  /** The `kid` that honest tokens carry. */
  get kid(): string {
    return this.current.kid;
  }

  /** Replaces the key at once, without notice, as PagerDuty may. */
  async rotate(): Promise<void> {
    this.current = await makeKey();
  }

  /** The public half, as RFC 7517 has it. */
  jwks(): { readonly keys: readonly JsonWebKey[] } {
    const jwk = this.current.publicKey.export({ format: 'jwk' });
    return { keys: [{ ...jwk, kid: this.kid, alg: 'RS256', use: 'sig' }] };
  }

  /** The token in compact form (RFC 7515 section 3.1), however dishonest it is asked to be. */
  async sign({ header, claims, signedBy }: UnsignedToken): Promise<string> {
    const parts = [{ alg: ALG[signedBy], ...header }, claims];
    const signed = parts.map((part) => base64url(JSON.stringify(part))).join('.');
    return `${signed}.${await this.#signatures[signedBy](signed)}`;
  }

  readonly #signatures: Readonly<Record<Signer, (text: string) => string | Promise<string>>> = {
    sandbox: (text) => rs256(text, this.current),
    stranger: async (text) => rs256(text, await (this.#stranger ??= makeKey())),
    'client-secret': (text) => hs256(text, this.clientSecret),
    'public-key': (text) =>
      hs256(text, this.current.publicKey.export({ type: 'spki', format: 'pem' })),
    nobody: () => '',
  };
}

async function makeKey(): Promise<RsaKey> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { kid: randomUUID(), ...pair };
}

function rs256(text: string, { privateKey }: RsaKey): string {
  return sign('sha256', Buffer.from(text), privateKey).toString('base64url');
}

function hs256(text: string, key: string | Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
