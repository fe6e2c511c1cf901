import { registerAs, type ConfigType } from '@nestjs/config';
import { z } from 'zod';
import { isLoopbackHost } from '../common/loopback.js';
import { parseEnv } from '../common/parse-env.js';
import { Secret } from '../common/secret.js';
import { REGIONS, type Region } from './region.js';

const IDENTITY_URL = 'https://identity.pagerduty.com';
const API_URL_US = 'https://api.pagerduty.com';
const API_URL_EU = 'https://api.eu.pagerduty.com';
// PagerDuty's documentation names one issuer, its tokens and its discovery document the other.
const ISSUERS = [
  'https://app.pagerduty.com/global/oauth/anonymous',
  'https://identity.pagerduty.com/global/oauth/anonymous',
];

const URL_WORDS =
  'must be an absolute https URL (http only for a loopback host) without credentials, query or fragment';

const ONE_OR_TWO = /^[\x21-\x2b\x2d-\x7e]+( *, *[\x21-\x2b\x2d-\x7e]+)?$/;

const required = z
  .string('is required: take it from App Functionality of your registered app')
  .trim();

const baseUrl = z
  .string()
  .refine(isSafeUrl, { error: URL_WORDS, abort: true })
  .transform(canonicalBaseUrl);

const secret = z.string().transform((text) => new Secret(text));

const schema = z.object({
  PD_CLIENT_ID: required.regex(/^[\x21-\x7e]+$/, 'must be one word without spaces'),
  PD_CLIENT_SECRET: required
    .regex(ONE_OR_TWO, 'must be one secret, or two with a comma between while one is being rotated')
    .transform((text) => text.split(/ *, */))
    .pipe(z.tuple([secret], secret)),
  PD_IDENTITY_URL: baseUrl.default(IDENTITY_URL),
  PD_API_URL_US: baseUrl.default(API_URL_US),
  PD_API_URL_EU: baseUrl.default(API_URL_EU),
  PD_REGION: z.enum(REGIONS, `must be ${REGIONS.join(' or ')}`).default('us'),
  PD_ISSUERS: z
    .string()
    .transform((text) => text.split(',').map((issuer) => issuer.trim()))
    .refine((issuers) => issuers.every(isSafeUrl), `each, comma separated, ${URL_WORDS}`)
    .default(ISSUERS),
});

/** One, or two while one is being rotated: the first that PagerDuty accepts is used. */
export type ClientSecrets = readonly [Secret, ...Secret[]];

/** Which PagerDuty this program talks to, and as which registered app. URLs have no trailing slash. */
export const pagerDutyConfig = registerAs('pagerduty', () => {
  const env = parseEnv(schema, { secrets: ['PD_CLIENT_SECRET'] });
  const clientSecrets: ClientSecrets = env.PD_CLIENT_SECRET;
  const apiUrls: Readonly<Record<Region, string>> = {
    us: env.PD_API_URL_US,
    eu: env.PD_API_URL_EU,
  };
  const issuers: readonly string[] = env.PD_ISSUERS;
  return {
    clientId: env.PD_CLIENT_ID,
    clientSecrets,
    identityUrl: env.PD_IDENTITY_URL,
    apiUrls,
    /** The region of a person whose ID token names no API. */
    defaultRegion: env.PD_REGION,
    issuers,
  };
});

export type PagerDutyConfig = ConfigType<typeof pagerDutyConfig>;

/** The form in which base URLs are kept and compared: normalised by WHATWG, less trailing slashes. */
export function canonicalBaseUrl(text: string): string {
  return (URL.parse(text)?.href ?? text).replace(/\/+$/, '');
}

function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || /[?#\s]/.test(text) || url.username || url.password) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}
