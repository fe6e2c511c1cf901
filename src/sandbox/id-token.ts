import { createHash, randomUUID } from 'node:crypto';
import type { IssuedTokens } from './grants.js';
import type { SandboxRegion } from './accounts.js';
import type { SigningKeys, UnsignedToken } from './signing-key.js';

/**
 * Changes an ID token before it is signed: gets the honest one, gives the one to send, or a string to send
 * in its place. Claims set to `undefined` go missing.
 * @example sandbox.tamperIdToken = (token) => ({ ...token, signedBy: 'client-secret' });
 */
export type IdTokenTamper = (honest: UnsignedToken) => UnsignedToken | string;

/** What an ID token says beside whom it is about. */
export interface IdTokenFrame {
  readonly issuer: string;
  readonly clientId: string;
  /** The REST base of the person's region: the first audience. */
  readonly apiUrl: string;
  readonly nowMs: number;
}

const LIFE_S = 3600;
/** The EU word is not published; this one is a guess, so nothing may depend on it. */
const REGION_WORDS = { us: 'UnitedStates', eu: 'Europe' } as const satisfies Record<
  SandboxRegion,
  string
>;

/** The honest ID token for one code grant (OpenID Connect Core section 2, with PagerDuty's own claims). */
export function draftIdToken(
  { grant, accessToken }: IssuedTokens,
  { issuer, clientId, apiUrl, nowMs }: IdTokenFrame,
  keys: SigningKeys,
): UnsignedToken {
  const { person } = grant;
  const iat = Math.floor(nowMs / 1000);
  const claims = {
    iss: issuer,
    sub: person.sub,
    aud: [apiUrl, clientId],
    azp: clientId,
    iat,
    nbf: iat,
    exp: iat + LIFE_S,
    auth_time: iat,
    jti: randomUUID(),
    sid: randomUUID(),
    purpose: 'id',
    at_hash: hashAccessToken(accessToken),
    delegation_id: grant.id,
    account_id: person.account.id,
    user_id: person.id,
    subdomain: person.account.subdomain,
    region: REGION_WORDS[person.account.region],
    amr: ['pwd'],
    acr: 'urn:sandbox:acr:password',
  };
  return { header: { typ: 'JWT', kid: keys.kid }, claims, signedBy: 'sandbox' };
}

/** `at_hash` for RS256: the left half of SHA-256 (OpenID Connect Core section 3.1.3.6). */
function hashAccessToken(accessToken: string): string {
  const digest = createHash('sha256').update(accessToken, 'ascii').digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
