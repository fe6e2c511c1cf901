import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { IdTokenTamper } from './id-token.js';
import { SANDBOX_ISSUERS } from './options.js';
import { Sandbox } from './sandbox.js';
import type { Signer } from './signing-key.js';
import { TestClient } from './testing/test-client.js';

const saying =
  (claims: object): IdTokenTamper =>
  (token) => ({ ...token, claims: { ...token.claims, ...claims } });
const signedBy =
  (signer: Signer): IdTokenTamper =>
  (token) => ({ ...token, signedBy: signer });

describe('the ID token', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  beforeAll(async () => {
    sandbox = await Sandbox.start();
    client = new TestClient(sandbox);
  });
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  const idTokenOf = async (person?: string) => (await client.connect(person)).id_token ?? '';
  const verify = (token: string) => {
    const jwks = createRemoteJWKSet(new URL('/global/oauth/anonymous/jwks', sandbox.url));
    const { app: issuer } = SANDBOX_ISSUERS;
    return jwtVerify(token, jwks, { issuer, audience: 'sandbox-client', algorithms: ['RS256'] });
  };

  it('is signed with a key of the JWKS and says what PagerDuty’s says', async () => {
    const { access_token: accessToken, id_token: idToken = '' } = await client.connect('PMTT3BR');
    const { payload, protectedHeader } = await verify(idToken);
    const { iat = 0 } = payload;
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
    expect(payload).toMatchObject({
      aud: [`${sandbox.url}/api/eu`, 'sandbox-client'],
      azp: 'sandbox-client',
      exp: iat + 3600,
      nbf: iat,
      auth_time: iat,
      purpose: 'id',
      at_hash: createHash('sha256')
        .update(accessToken)
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
      account_id: 'PALPN2P',
      user_id: 'PMTT3BR',
      subdomain: 'alpenpost',
      delegation_id: sandbox.grants()[0]?.id,
    });
    expect(Object.keys(payload)).toEqual(
      expect.arrayContaining(['jti', 'sub', 'amr', 'acr', 'sid', 'region']),
    );
    expect(payload).not.toHaveProperty('nonce');
  });

  it('is signed with a new key after a rotation, and the old key leaves the JWKS', async () => {
    const old = await idTokenOf();
    await sandbox.rotateKeys();
    const { protectedHeader } = await verify(await idTokenOf());
    expect(protectedHeader.kid).not.toBe(decodeProtectedHeader(old).kid);
    await expect(verify(old)).rejects.toThrow('no applicable key');
  });

  it.each<[string, IdTokenTamper, string]>([
    ['another issuer', saying({ iss: 'https://evil.example' }), 'unexpected "iss"'],
    ['another audience', saying({ aud: 'somebody' }), 'unexpected "aud"'],
    ['no life left', saying({ exp: 1 }), '"exp" claim timestamp'],
    ['a start in the future', saying({ nbf: 9e9 }), '"nbf" claim timestamp'],
    ['a stranger’s key', signedBy('stranger'), 'signature verification failed'],
    ['an unknown kid', (token) => ({ ...token, header: { kid: 'unknown' } }), 'no applicable key'],
    ['no signature', signedBy('nobody'), 'Header Parameter value not allowed'],
    ['the client secret as key', signedBy('client-secret'), 'Header Parameter value not allowed'],
    ['the public key as key', signedBy('public-key'), 'Header Parameter value not allowed'],
  ])('can be forged with %s, and a good verifier refuses it', async (_what, tamper, reason) => {
    await expect(verify(await idTokenOf())).resolves.toBeDefined();
    sandbox.tamperIdToken = tamper;
    await expect(verify(await idTokenOf())).rejects.toThrow(reason);
  });

  it('can be forged with an HMAC that the client secret explains', async () => {
    sandbox.tamperIdToken = signedBy('client-secret');
    const key = Buffer.from(sandbox.settings()['PD_CLIENT_SECRET'] ?? '');
    const { protectedHeader } = await jwtVerify(await idTokenOf(), key);
    expect(protectedHeader.alg).toBe('HS256');
  });

  it('can lose a claim, and can be no token at all', async () => {
    sandbox.tamperIdToken = saying({ azp: undefined });
    expect(decodeJwt(await idTokenOf())).not.toHaveProperty('azp');
    sandbox.tamperIdToken = () => 'no token';
    expect(await idTokenOf()).toBe('no token');
  });

  it('comes from the other issuer where that is chosen', async () => {
    await using other = await Sandbox.start({ issuer: SANDBOX_ISSUERS.identity });
    const { id_token: token = '' } = await new TestClient(other).connect();
    expect(decodeJwt(token).iss).toBe('https://identity.pagerduty.com/global/oauth/anonymous');
  });
});
