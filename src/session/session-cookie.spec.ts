import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance } from 'fastify';
import { Secret } from '../common/secret.js';
import { SessionCookie } from './session-cookie.js';
import { makeSessionToken } from './session-token.js';

const token = makeSessionToken();

const serve = async (secureCookies: boolean): Promise<FastifyInstance> => {
  const sessionCookie = new SessionCookie({ secureCookies });
  const server = fastify();
  await server.register(cookie);
  server.get('/read', (request) => ({ token: sessionCookie.read(request)?.reveal() ?? 'none' }));
  server.get('/write', (_request, reply) => {
    sessionCookie.write(reply, token);
    return reply.send();
  });
  server.get('/clear', (_request, reply) => {
    sessionCookie.clear(reply);
    return reply.send();
  });
  return server;
};

describe.each([
  { secureCookies: true, name: '__Host-session', attributes: { secure: true } },
  { secureCookies: false, name: 'session', attributes: {} },
])('SessionCookie, secure $secureCookies', ({ secureCookies, name, attributes }) => {
  let server: FastifyInstance;
  beforeAll(async () => {
    server = await serve(secureCookies);
  });
  afterAll(() => server.close());

  const cookiesOf = async (url: string) => (await server.inject(url)).cookies;
  const common = { name, path: '/', httpOnly: true, sameSite: 'Lax', ...attributes };

  it('lives 7 days, out of reach of scripts and other sites', async () => {
    expect(await cookiesOf('/write')).toEqual([
      { ...common, value: token.reveal(), maxAge: 604_800 },
    ]);
  });

  it('is cleared with the attributes it was set with', async () => {
    expect(await cookiesOf('/clear')).toEqual([
      { ...common, value: '', expires: new Date(0), maxAge: 0 },
    ]);
  });

  it.each([
    ['its token', token.reveal(), token.reveal()],
    ['nothing of junk', 'junk', 'none'],
    ['nothing of an overlong one', 'A'.repeat(44), 'none'],
    ['nothing of an empty one', '', 'none'],
  ])('reads %s', async (_what, value, expected) => {
    const answer = await server.inject({ url: '/read', headers: { cookie: `${name}=${value}` } });
    expect(answer.json()).toEqual({ token: expected });
  });

  it('reads no cookie of the other name', async () => {
    const other = secureCookies ? 'session' : '__Host-session';
    const headers = { cookie: `${other}=${token.reveal()}` };
    expect((await server.inject({ url: '/read', headers })).json()).toEqual({ token: 'none' });
  });
});

describe('SessionCookie', () => {
  it('gives a token that cannot print itself', () => {
    const cookies = { session: token.reveal() };
    const read = new SessionCookie({ secureCookies: false }).read({ cookies });
    expect(read).toBeInstanceOf(Secret);
  });
});
