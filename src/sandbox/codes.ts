import { createHash, randomBytes } from 'node:crypto';
import type { AuthorizationRequest } from './authorization-request.js';
import type { Grants, IssuedTokens } from './grants.js';
import type { SandboxPerson } from './people.js';
import { oauthRefusal, type Refusal } from './refusal.js';

const CODE_LIFE_MS = 30_000;

interface PendingCode {
  readonly request: AuthorizationRequest;
  readonly person: SandboxPerson;
  readonly scope: readonly string[];
  readonly endsAtMs: number;
  spent: boolean;
  grantId?: string;
}

/** What a token request proves to redeem a code. */
export interface Redemption {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

/**
 * Authorization codes: 30 s, single use, bound to redirect URI and PKCE challenge. One that is shown
 * is spent, whatever comes of it; shown again, it ends the grant that it gave (RFC 6749 section 4.1.2).
 */
export class AuthorizationCodes {
  readonly #codes = new Map<string, PendingCode>();

  constructor(
    private readonly grants: Grants,
    private readonly now: () => number,
  ) {}

  issue(request: AuthorizationRequest, person: SandboxPerson, scope: readonly string[]): string {
    const code = `pdcode+${randomBytes(24).toString('base64url')}`;
    const endsAtMs = this.now() + CODE_LIFE_MS;
    this.#codes.set(code, { request, person, scope, endsAtMs, spent: false });
    return code;
  }

  /** @throws Refusal `invalid_grant` */
  redeem({ code, redirectUri, verifier }: Redemption): IssuedTokens {
    const pending = this.#codes.get(code);
    if (!pending) throw refused('The code is not known.');
    if (pending.spent) {
      if (pending.grantId) this.grants.end(pending.grantId, 'code used twice');
      throw refused('The code was used before.');
    }
    pending.spent = true;
    if (pending.endsAtMs <= this.now()) throw refused('The code ran out after 30 s.');
    const { request } = pending;
    if (request.redirectUri !== redirectUri)
      throw refused('redirect_uri is not the one of the code.');
    if (!answers(request.codeChallenge, verifier)) throw refused('code_verifier does not fit.');
    const tokens = this.grants.begin(pending.person, pending.scope);
    pending.grantId = tokens.grant.id;
    return tokens;
  }

  clear(): void {
    this.#codes.clear();
  }
}

/** PKCE, S256 (RFC 7636 section 4.6). */
function answers(challenge: string, verifier: string): boolean {
  const wellFormed = /^[\w.~-]{43,128}$/.test(verifier);
  return wellFormed && createHash('sha256').update(verifier).digest('base64url') === challenge;
}

function refused(description: string): Refusal {
  return oauthRefusal('invalid_grant', description);
}
