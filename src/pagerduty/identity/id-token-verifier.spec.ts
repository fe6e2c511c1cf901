import { createHash, generateKeyPairSync } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose';
import type { AppError } from '../../common/app-error.js';
import { Secret } from '../../common/secret.js';
import type { PagerDutyConfig } from '../pagerduty.config.js';
import { configAt, WatchedTransport, StillClock } from '../testing/doubles.js';
import { appErrorOf } from '../testing/failure-of.js';
import {
  cut,
  hang,
  html,
  json,
  LoopbackServer,
  padded,
  redirect,
  type Reply,
} from '../testing/loopback-server.js';
import { IdTokenVerifier } from './id-token-verifier.js';
import type { Identity } from './identity.js';
import { Jwks } from './jwks.js';

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

const makeKey = async (kid: string): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
};

const ACCESS_TOKEN = new Secret('pdus+_0XBPWQQ_a');
const AT_HASH = createHash('sha256').update('pdus+_0XBPWQQ_a').digest().subarray(0, 16);

describe('IdTokenVerifier', () => {
  let server: LoopbackServer;
  let config: PagerDutyConfig;
  let transport: WatchedTransport;
  let verifier: IdTokenVerifier;
  let first: SigningKey;
  let second: SigningKey;
  const clock = new StillClock();
  const nowS = clock.now() / 1000;

  beforeAll(async () => {
    server = await LoopbackServer.start();
    config = configAt(server.url);
    [first, second] = await Promise.all([makeKey('key-1'), makeKey('key-2')]);
  });
  afterAll(async () => server.close());
  beforeEach(() => {
    clock.nowMs = nowS * 1000;
    transport = new WatchedTransport();
    verifier = new IdTokenVerifier(config, new Jwks(config, transport, clock), clock);
    publish(first);
  });
  afterEach(async () => transport.onApplicationShutdown());

  const keySet = (...keys: readonly SigningKey[]): Reply =>
    json(200, { keys: keys.map(({ jwk }) => jwk) });

  const publish = (...keys: readonly SigningKey[]): void => server.replyWith(keySet(...keys));

  const claims = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
    iss: 'https://issuer.test/one',
    aud: [config.apiUrls.us, 'client-1'],
    azp: 'client-1',
    sub: 'zebra@example.com',
    exp: nowS + 3_600,
    iat: nowS,
    nbf: nowS,
    purpose: 'id',
    at_hash: AT_HASH.toString('base64url'),
    account_id: 'PACCT01',
    user_id: 'PUSER01',
    subdomain: 'acme',
    ...changes,
  });

  const sign = async (changes: Record<string, unknown> = {}, key = first): Promise<string> =>
    new SignJWT(claims(changes))
      .setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid ?? '' })
      .sign(key.privateKey);

  const verify = async (token: string | Promise<string>): Promise<Identity> =>
    verifier.verify(new Secret(await token), ACCESS_TOKEN);

  const failureOf = async (token: string | Promise<string>): Promise<AppError> =>
    appErrorOf(verify(token));

  it('tells who it is and where', async () => {
    expect(await verify(sign())).toEqual({
      accountId: 'PACCT01',
      userId: 'PUSER01',
      subdomain: 'acme',
      region: 'us',
    });
    expect(server.requests).toMatchObject([
      { method: 'GET', path: '/global/oauth/anonymous/jwks' },
    ]);
    expect(transport.deadlinesMs).toEqual([2_000]);
  });

  it.each([
    ['the EU API', () => [config.apiUrls.eu, 'client-1'], 'eu'],
    ['an API with a slash at its end', () => ['client-1', `${config.apiUrls.eu}/`], 'eu'],
    ['no API', () => 'client-1', 'us'],
  ])('reads the region from an audience with %s', async (_what, aud, region) => {
    expect(await verify(sign({ aud: aud() }))).toMatchObject({ region });
  });

  it.each([
    ['the other issuer', { iss: 'https://issuer.test/two' }],
    ['no at_hash', { at_hash: undefined }],
    ['one audience and no azp', { aud: 'client-1', azp: undefined }],
    ['an end 59 s ago', { exp: nowS - 59 }],
    ['a beginning in 60 s', { nbf: nowS + 60, iat: nowS + 60 }],
    ['an unreadable subdomain', { subdomain: 'a b' }],
  ])('accepts %s', async (_what, changes) => {
    expect(await verify(sign(changes))).toMatchObject({ userId: 'PUSER01' });
  });

  it.each<[string, () => Record<string, unknown>, RegExp]>([
    ['another issuer', () => ({ iss: 'https://zebra.test' }), /issuer/],
    ['no issuer', () => ({ iss: undefined }), /issuer/],
    ['an end 60 s ago', () => ({ exp: nowS - 60 }), /expired/],
    ['no end', () => ({ exp: undefined }), /time of its end/],
    ['an end in words', () => ({ exp: 'zebra' }), /time of its end/],
    ['a beginning in 61 s', () => ({ nbf: nowS + 61 }), /not valid yet/],
    ['an issue in 61 s', () => ({ iat: nowS + 61 }), /issued in the future/],
    ['no time of issue', () => ({ iat: undefined }), /time of its issue/],
    ['another audience', () => ({ aud: ['zebra'] }), /another application/],
    ['no audience', () => ({ aud: undefined }), /audience/],
    ['an empty audience', () => ({ aud: [] }), /audience/],
    ['a stranger in the audience', () => ({ aud: ['client-1', 'zebra'] }), /audience unknown/],
    ['both APIs', () => ({ aud: ['client-1', ...Object.values(config.apiUrls)] }), /one API/],
    ['an API and a stranger', () => ({ aud: [config.apiUrls.us, 'client-1', 'zebra'] }), /one API/],
    ['another azp', () => ({ azp: 'zebra' }), /authorized party is another/],
    ['no azp for several audiences', () => ({ azp: undefined }), /no authorized party/],
    ['an azp that is no text', () => ({ azp: 7 }), /authorized party/],
    ["another access token's hash", () => ({ at_hash: AT_HASH.toString('hex') }), /another access/],
    ['a hash of the same length', () => ({ at_hash: 'x'.repeat(22) }), /another access/],
    ['a hash that is no text', () => ({ at_hash: [] }), /access token hash/],
    ['another purpose', () => ({ purpose: 'zebra' }), /purpose/],
    ['no purpose', () => ({ purpose: undefined }), /purpose/],
    ['no account', () => ({ account_id: undefined }), /account id/],
    ['an account that is no text', () => ({ account_id: 7 }), /account id/],
    ['no user', () => ({ user_id: undefined }), /user id/],
    ['an empty user', () => ({ user_id: '' }), /user id/],
    ['an endless user', () => ({ user_id: 'z'.repeat(999) }), /user id/],
  ])('refuses %s and says so', async (_what, changes, words) => {
    const error = await failureOf(sign(changes()));
    expect(error).toMatchObject({ code: 'identity_invalid', status: 502 });
    expect(error.cause).toBeUndefined();
    expect(error.detail).toMatch(words);
    expect(error.detail).not.toContain('zebra');
  });

  describe('the signature', () => {
    it('must be there: "none" is none', async () => {
      const error = await failureOf(new UnsecuredJWT(claims()).encode());
      expect(error).toMatchObject({ code: 'identity_invalid' });
      expect(error.detail).toMatch(/RS256/);
    });

    it('must not be an HMAC keyed with the public key', async () => {
      const secret = new TextEncoder().encode(JSON.stringify(first.jwk));
      const token = new SignJWT(claims())
        .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
        .sign(secret);
      expect((await failureOf(token)).detail).toMatch(/RS256/);
    });

    it('must not be another RSA kind', async () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const token = new SignJWT(claims())
        .setProtectedHeader({ alg: 'PS256', kid: 'key-1' })
        .sign(privateKey);
      expect((await failureOf(token)).detail).toMatch(/RS256/);
    });

    it('must be by the key it names', async () => {
      const forged = sign({}, { ...second, jwk: { ...second.jwk, kid: 'key-1' } });
      expect((await failureOf(forged)).detail).toMatch(/signature is wrong/);
    });

    it.each(['', 'a.b', 'a.b.c', 'pdus+_0XBPWQQ', '{}', 'a.b.c.d.e'])(
      'cannot be on %j',
      async (token) => {
        expect(await failureOf(token)).toMatchObject({ code: 'identity_invalid' });
      },
    );
  });

  describe("PagerDuty's keys", () => {
    it('are fetched once for all who ask at the same time', async () => {
      await Promise.all([verify(sign()), verify(sign()), verify(sign())]);
      expect(server.requests).toHaveLength(1);
    });

    it('are kept for an hour', async () => {
      const token = await sign({ exp: nowS + 9_999 });
      await verify(token);
      clock.nowMs += 3_599_999;
      await verify(token);
      expect(server.requests).toHaveLength(1);
      clock.nowMs += 1;
      await verify(token);
      expect(server.requests).toHaveLength(2);
    });

    it('are fetched again when they have rotated', async () => {
      await verify(sign());
      publish(second);
      expect(await verify(sign({}, second))).toMatchObject({ userId: 'PUSER01' });
    });

    it('are fetched again at most once in 5 seconds for keys that nobody has', async () => {
      await verify(sign());
      const unknown = await sign({}, second);
      expect((await failureOf(unknown)).detail).toMatch(/no key/);
      await Promise.all([failureOf(unknown), failureOf(unknown)]);
      expect(server.requests).toHaveLength(2);
      clock.nowMs += 5_000;
      publish(second);
      expect(await verify(unknown)).toMatchObject({ userId: 'PUSER01' });
    });

    it('serve everyone who met the rotation together', async () => {
      await verify(sign());
      publish(first, second);
      const token = await sign({}, second);
      await Promise.all([verify(token), verify(token), verify(sign())]);
      expect(server.requests).toHaveLength(1);
    });

    it('stay in use while fetching them again fails', async () => {
      await verify(sign());
      server.replyWith(html(503));
      expect(await failureOf(sign({}, second))).toMatchObject({ code: 'pagerduty_unavailable' });
      expect(await verify(sign())).toMatchObject({ userId: 'PUSER01' });
    });

    it('are asked for again after a failure', async () => {
      server.replyWith(html(503), keySet(first));
      await failureOf(sign());
      expect(await verify(sign())).toMatchObject({ userId: 'PUSER01' });
    });

    it.each<[string, Reply]>([
      ['an outage', html(503)],
      ['HTML', html(200)],
      ['an array', json(200, [])],
      ['no keys', json(200, { keys: [] })],
      ['mistyped keys', json(200, { keys: ['key-1'] })],
      ['an unusable key', json(200, { keys: [{ kty: 'RSA', kid: 'key-1', n: 7 }] })],
      ['a redirect', redirect('/jwks')],
      ['a cut answer', cut],
    ])('cannot be had from %s', async (_what, reply) => {
      server.replyWith(reply);
      expect(await failureOf(sign())).toMatchObject({ code: 'pagerduty_unavailable', status: 502 });
      expect(server.requests).toHaveLength(1);
    });

    it('cannot be had from too much', async () => {
      server.replyWith(padded({ keys: [first.jwk] }, 256 * 1024));
      expect(await failureOf(sign())).toMatchObject({ code: 'pagerduty_unavailable', status: 502 });
    });

    it('cannot be had from silence', async () => {
      transport.patienceMs = 50;
      server.replyWith(hang);
      expect(await failureOf(sign())).toMatchObject({ code: 'pagerduty_unavailable', status: 504 });
    });
  });
});
