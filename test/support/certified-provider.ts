import { generateKeyPairSync } from 'node:crypto';
import { jest } from '@jest/globals';
import { Provider, type Configuration } from 'oidc-provider';

/** The one person who lives there, as the REST API tells of them. */
export const PERSON = {
  id: 'PCERT1F',
  name: 'Grace Independent',
  email: 'grace@certified.example',
  html_url: 'https://certified.pagerduty.com/users/PCERT1F',
} as const;

/** The one client that is registered there. */
export const CLIENT_ID = 'client-of-the-certified-server';
/** Its secret, with what has to be encoded in a form. */
export const CLIENT_SECRET = 'secret-of-the-certified-server+/&=?';

const HOUR_S = 3600;
const CLAIMS = ['sub', 'account_id', 'user_id', 'subdomain', 'purpose'];

/** The certified server, set up as the one that PagerDuty is taken for; it listens nowhere yet. */
export function makeProvider(issuer: string, redirectUris: readonly string[]): Provider {
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
