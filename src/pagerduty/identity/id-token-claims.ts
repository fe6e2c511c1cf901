import { createHash, timingSafeEqual } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import type { Secret } from '../../common/secret.js';
import { canonicalBaseUrl, type PagerDutyConfig } from '../pagerduty.config.js';
import { REGIONS, type Region } from '../region.js';
import type { Identity } from './identity.js';

const id = z.string().regex(/^[\x21-\x7e]{1,128}$/);
const audience = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]);
const dnsLabel = z.string().regex(/^[a-z\d-]{1,63}$/i);

const claimsSchema = z.object({
  aud: audience,
  azp: z.string().optional(),
  iat: z.number(),
  at_hash: z.string().optional(),
  purpose: z.literal('id'),
  account_id: id,
  user_id: id,
  subdomain: dnsLabel.optional().catch(undefined),
});

type Claims = z.output<typeof claimsSchema>;

const UNREADABLE: Readonly<Record<keyof Claims, string>> = {
  aud: 'its audience is missing or unreadable',
  azp: 'its authorized party is unreadable',
  iat: 'the time of its issue is missing or unreadable',
  at_hash: 'its access token hash is unreadable',
  purpose: 'its purpose is not to identify a person',
  account_id: 'its account id is missing or unreadable',
  user_id: 'its user id is missing or unreadable',
  subdomain: 'its subdomain is unreadable',
};

/** A check that an ID token failed, in words that quote nothing of it. */
export class IdTokenProblem extends Error {}

/** What the claims of a token with a good signature are held against. */
export interface Expectation {
  readonly config: Pick<PagerDutyConfig, 'clientId' | 'apiUrls' | 'defaultRegion'>;
  readonly accessToken: Secret;
  readonly nowS: number;
  readonly toleranceS: number;
}

/**
 * Who the claims speak of, once they are found to be for this app and this access token
 * (OpenID Connect Core section 3.1.3.7). `sub` is no key: it may be an e-mail address or an id.
 * @throws IdTokenProblem
 */
export function readIdentity(payload: JWTPayload, expected: Expectation): Identity {
  const claims = parseClaims(payload);
  if (claims.iat > expected.nowS + expected.toleranceS) {
    throw new IdTokenProblem('it was issued in the future');
  }
  checkAuthorizedParty(claims, expected.config.clientId);
  checkAccessTokenHash(claims.at_hash, expected.accessToken);
  return {
    accountId: claims.account_id,
    userId: claims.user_id,
    subdomain: claims.subdomain,
    region: readRegion(claims.aud, expected.config),
  };
}

function parseClaims(payload: JWTPayload): Claims {
  const parsed = claimsSchema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const claim = claimsSchema.keyof().safeParse(parsed.error.issues[0]?.path[0]);
  throw new IdTokenProblem(claim.success ? UNREADABLE[claim.data] : 'its claims are unreadable');
}

function checkAuthorizedParty({ aud, azp }: Claims, clientId: string): void {
  if (azp === undefined && aud.length > 1) {
    throw new IdTokenProblem('it names several audiences but no authorized party');
  }
  if (azp !== undefined && azp !== clientId) {
    throw new IdTokenProblem('its authorized party is another application');
  }
}

/** OpenID Connect Core section 3.1.3.6: the left half of the hash, where the claim is there. */
function checkAccessTokenHash(claimed: string | undefined, accessToken: Secret): void {
  if (claimed === undefined) return;
  const digest = createHash('sha256').update(accessToken.reveal()).digest();
  const expected = Buffer.from(digest.subarray(0, digest.length / 2).toString('base64url'));
  const given = Buffer.from(claimed);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new IdTokenProblem('it belongs to another access token');
  }
}

function readRegion(aud: readonly string[], config: Expectation['config']): Region {
  if (!aud.includes(config.clientId)) throw new IdTokenProblem('it is for another application');
  const apis = new Set(aud.filter((one) => one !== config.clientId).map(canonicalBaseUrl));
  const regions = REGIONS.filter((region) => apis.has(config.apiUrls[region]));
  if (apis.size > 1) throw new IdTokenProblem('it names more than one API');
  if (apis.size > regions.length)
    throw new IdTokenProblem('it is also for an audience unknown here');
  return regions[0] ?? config.defaultRegion;
}
