import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readParameters, type Parameters } from './authorization-request.js';
import type { IssuedTokens } from './grants.js';
import { draftIdToken } from './id-token.js';
import { oauthRefusal } from './refusal.js';
import { spoiledBy } from './spoil.js';
import type { World } from './world.js';

/** `/oauth/token`, `/oauth/revoke` and the JWKS: form-encoded only, client_secret_post only. */
export function registerTokenRoutes(app: FastifyInstance, world: World): void {
  app.post('/oauth/token', spoiledBy(world.days, 'token'), async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
    const form = readClientForm(request, world);
    switch (field(form, 'grant_type')) {
      case 'authorization_code':
        return redeemCode(form, world);
      case 'refresh_token':
        return sayTokens(world.grants.refresh(field(form, 'refresh_token')));
      default:
        throw oauthRefusal('unsupported_grant_type', 'Only authorization_code and refresh_token.');
    }
  });

  app.post('/oauth/revoke', spoiledBy(world.days, 'revoke'), (request, reply) => {
    world.grants.revoke(field(readClientForm(request, world), 'token'));
    return reply.send('');
  });

  app.get('/global/oauth/anonymous/jwks', spoiledBy(world.days, 'jwks'), async () =>
    world.keys.jwks(),
  );
}

async function redeemCode(form: Parameters, world: World) {
  const tokens = world.codes.redeem({
    code: field(form, 'code'),
    redirectUri: field(form, 'redirect_uri'),
    verifier: field(form, 'code_verifier'),
  });
  const idToken = await makeIdToken(tokens, world);
  return { client_info: 'prefix_legacy_app', id_token: idToken, ...sayTokens(tokens) };
}

function sayTokens({ grant, accessToken, refreshToken, expiresInS }: IssuedTokens) {
  return {
    token_type: 'bearer',
    access_token: accessToken,
    refresh_token: refreshToken,
    scope: grant.scope.join(' '),
    expires_in: expiresInS,
  };
}

async function makeIdToken(tokens: IssuedTokens, world: World): Promise<string> {
  const { issuer, clientId, now } = world.settings;
  const apiUrl = world.apiUrl(tokens.grant.person.account.region);
  const frame = { issuer, clientId, apiUrl, nowMs: now() };
  const honest = draftIdToken(tokens, frame, world.keys);
  const draft = world.tamperIdToken?.(honest) ?? honest;
  return typeof draft === 'string' ? draft : world.keys.sign(draft);
}

/** @throws Refusal `invalid_request` or `invalid_client` (RFC 6749 section 5.2) */
function readClientForm(request: FastifyRequest, { settings }: World): Parameters {
  if (request.url.includes('?')) {
    throw oauthRefusal('invalid_request', 'Parameters belong in the body, never in the URL.');
  }
  if (request.body === undefined) throw oauthRefusal('invalid_request', 'The body is missing.');
  const form = readParameters(request.body);
  const { client_id: id, client_secret: secret } = form;
  const proven = secret !== undefined && settings.clientSecrets.includes(secret);
  if (request.headers.authorization !== undefined || id !== settings.clientId || !proven) {
    throw oauthRefusal(
      'invalid_client',
      'client_id and client_secret in the body do not fit.',
      401,
    );
  }
  return form;
}

function field(form: Parameters, name: string): string {
  const value = form[name];
  if (value === undefined) throw oauthRefusal('invalid_request', `${name} must be given, once.`);
  return value;
}
