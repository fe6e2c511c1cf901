import { randomBytes } from 'node:crypto';
import type { SandboxPerson } from './people.js';
import { oauthRefusal } from './refusal.js';

/** Why a grant is over. */
export type GrantEnd =
  'revoked by the app' | 'ended by the person' | 'code used twice' | 'refresh token used twice';

/** One person's authorization of the app, as the sandbox tells of it. */
export interface SandboxGrant {
  /** Also the ID token's `delegation_id`. */
  readonly id: string;
  readonly person: SandboxPerson;
  readonly scope: readonly string[];
  readonly grantedAtMs: number;
  readonly endedBecause: GrantEnd | undefined;
  readonly refreshes: number;
}

/** One answer's worth of tokens. */
export interface IssuedTokens {
  readonly grant: SandboxGrant;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInS: number;
}

/** How long things live; a grant ends for good `grantMs` after it began. */
export interface GrantLife {
  readonly accessS: number;
  readonly refreshIdleMs: number;
  readonly grantMs: number;
  readonly reuseGraceMs: number;
}

type OpenGrant = { -readonly [K in keyof SandboxGrant]: SandboxGrant[K] };

interface LiveToken {
  readonly grant: OpenGrant;
  readonly endsAtMs: number;
  readonly spent?: { readonly atMs: number; readonly successor: IssuedTokens };
}

/** Every grant with its access and refresh tokens; refresh tokens are single use. */
export class Grants {
  readonly #grants = new Map<string, OpenGrant>();
  readonly #access = new Map<string, LiveToken>();
  readonly #refresh = new Map<string, LiveToken>();

  constructor(
    private readonly life: GrantLife,
    private readonly now: () => number,
  ) {}

  begin(person: SandboxPerson, scope: readonly string[]): IssuedTokens {
    const id = `PD${randomBytes(8).toString('hex').toUpperCase()}`;
    const grantedAtMs = this.now();
    const grant = { id, person, scope, grantedAtMs, endedBecause: undefined, refreshes: 0 };
    this.#grants.set(id, grant);
    return this.#issue(grant);
  }

  /** @throws Refusal `invalid_grant`; a spent token, out of its time of grace, ends the grant besides */
  refresh(token: string): IssuedTokens {
    const known = this.#refresh.get(token);
    if (!known) throw oauthRefusal('invalid_grant', 'The refresh token is not known.');
    const { grant, spent } = known;
    if (spent && this.now() - spent.atMs < this.life.reuseGraceMs) return spent.successor;
    if (spent) this.end(grant.id, 'refresh token used twice');
    if (grant.endedBecause) throw oauthRefusal('invalid_grant', `Grant ${grant.endedBecause}.`);
    if (known.endsAtMs <= this.now())
      throw oauthRefusal('invalid_grant', 'The refresh token ran out.');
    const successor = this.#issue(grant);
    grant.refreshes += 1;
    this.#refresh.set(token, { ...known, spent: { atMs: this.now(), successor } });
    return successor;
  }

  /** The grant behind an access token that is still good. */
  findByAccessToken(token: string): SandboxGrant | undefined {
    const known = this.#access.get(token);
    if (!known || known.endsAtMs <= this.now() || known.grant.endedBecause) return undefined;
    return known.grant;
  }

  /** Forgets an access token, or ends the grant of a refresh token; what is unknown is left alone (RFC 7009). */
  revoke(token: string): void {
    this.#access.delete(token);
    const known = this.#refresh.get(token);
    if (known) this.end(known.grant.id, 'revoked by the app');
  }

  /** Ends a grant; the first reason stays. */
  end(id: string, why: GrantEnd): void {
    const grant = this.#grants.get(id);
    if (grant) grant.endedBecause ??= why;
  }

  /** In the order they began; each goes on to tell its present state. */
  all(): readonly SandboxGrant[] {
    return [...this.#grants.values()];
  }

  clear(): void {
    for (const kept of [this.#grants, this.#access, this.#refresh]) kept.clear();
  }

  #issue(grant: OpenGrant): IssuedTokens {
    const prefix = `pd${grant.person.account.region}`;
    const accessToken = `${prefix}+_0X${randomBytes(30).toString('base64url')}`;
    const refreshToken = `${prefix}+_1X${randomBytes(30).toString('base64url')}`;
    const { accessS, refreshIdleMs, grantMs } = this.life;
    const grantEndsMs = grant.grantedAtMs + grantMs;
    const within = (ms: number): number => Math.min(this.now() + ms, grantEndsMs);
    this.#access.set(accessToken, { grant, endsAtMs: within(accessS * 1000) });
    this.#refresh.set(refreshToken, { grant, endsAtMs: within(refreshIdleMs) });
    return { grant, accessToken, refreshToken, expiresInS: accessS };
  }
}
