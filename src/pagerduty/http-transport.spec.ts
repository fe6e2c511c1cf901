import { inspect } from 'node:util';
import { HttpTransport, type TransportAnswer, type TransportRequest } from './http-transport.js';
import { failureOf } from './testing/failure-of.js';
import { cut, hang, LoopbackServer, raw, redirect, stall } from './testing/loopback-server.js';
import { TransportError } from './transport-error.js';

const errorOf = async (answer: Promise<unknown>): Promise<TransportError> =>
  failureOf(answer, TransportError);

describe('HttpTransport', () => {
  let server: LoopbackServer;
  let transport: HttpTransport;

  beforeAll(async () => {
    server = await LoopbackServer.start();
  });
  beforeEach(() => {
    transport = new HttpTransport();
  });
  afterEach(async () => transport.onApplicationShutdown());
  afterAll(async () => server.close());

  const send = async (
    options: Partial<TransportRequest> = {},
    url = `${server.url}/path`,
    sender = transport,
  ): Promise<TransportAnswer> =>
    sender.request(url, {
      method: 'GET',
      headers: { 'x-test': 'yes' },
      deadlineMs: 5_000,
      maxBytes: 1_000,
      ...options,
    });

  it('sends method, headers and body, and gives status, headers and text', async () => {
    server.replyWith(raw(418, 'Grüße 👋', { 'x-answer': '1' }));
    const answer = await send({ method: 'POST', body: 'a=b' });
    expect(answer).toMatchObject({ status: 418, text: 'Grüße 👋', headers: { 'x-answer': '1' } });
    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/path', body: 'a=b', headers: { 'x-test': 'yes' } },
    ]);
  });

  it('keeps connections for later requests', async () => {
    server.replyWith((response) => response.end(String(response.socket?.remotePort)));
    const answers = [await send(), await send(), await send(), await send()];
    expect(new Set(answers.map((answer) => answer.text)).size).toBeLessThan(4);
  });

  it('follows no redirect', async () => {
    server.replyWith(redirect(`${server.url}/elsewhere`));
    expect((await send()).status).toBe(302);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['answers nothing', hang],
    ['stops in the middle of the body', stall],
  ])('gives up at the deadline when the server %s', async (_what, reply) => {
    server.replyWith(reply);
    const error = await errorOf(send({ deadlineMs: 50 }));
    expect(error).toMatchObject({ failure: 'timed_out', neverSent: false });
  });

  it('tells a connection that was cut', async () => {
    server.replyWith(cut);
    expect(await errorOf(send())).toMatchObject({ failure: 'cut', neverSent: false });
  });

  it('reads up to the limit, and not a byte more', async () => {
    server.replyWith(raw(200, 'x'.repeat(1_000)), raw(200, 'x'.repeat(1_001)));
    expect((await send()).text).toHaveLength(1_000);
    expect(await errorOf(send())).toMatchObject({ failure: 'too_large' });
  });

  it('knows that a refused connection carried nothing', async () => {
    const gone = await LoopbackServer.start();
    const { url } = gone;
    await gone.close();
    const error = await errorOf(send({}, url));
    expect(error).toMatchObject({ failure: 'not_connected', neverSent: true });
    expect(error.message).toBe(`${url}: ECONNREFUSED`);
  });

  it('keeps nothing of what was sent or came in its errors', async () => {
    server.replyWith((response) =>
      response.socket?.end('HTTP/1.1 200 OK\r\nsecret-answer\r\n\r\n'),
    );
    const error = await errorOf(
      send({ method: 'POST', body: 'secret-body' }, `${server.url}/secret-path`),
    );
    expect(error.failure).toBe('cut');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret-');
  });

  it('lets its requests end before it closes', async () => {
    const closing = new HttpTransport();
    const closed: Promise<void>[] = [];
    server.replyWith((response) => {
      closed.push(closing.onApplicationShutdown());
      response.end('done');
    });
    expect((await send({}, undefined, closing)).text).toBe('done');
    await Promise.all(closed);
    await expect(send({}, undefined, closing)).rejects.toBeInstanceOf(TransportError);
  });
});
