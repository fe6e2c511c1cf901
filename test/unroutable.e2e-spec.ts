import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Logger } from '@nestjs/common';
import { jest } from '@jest/globals';
import { startApp, type RunningApp } from './support/app.js';
import { rawGet } from './support/raw-get.js';

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8';
/** What belongs to one answer alone. */
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'x-request-id',
]);

describe('What never meets a route', () => {
  let app: RunningApp;
  let log: jest.SpiedFunction<Logger['log']>;

  beforeAll(async () => {
    app = await startApp({
      PD_CLIENT_ID: 'client',
      PD_CLIENT_SECRET: 'secret',
      REDIRECT_URI: 'https://connect.example/callback',
    });
  });
  afterAll(() => app.stop());
  beforeEach(() => {
    log = jest.spyOn(Logger.prototype, 'log');
  });
  afterEach(() => jest.restoreAllMocks());

  /** Bytes as they are, and all that comes back until the server closes. */
  const send = async (bytes: string) => {
    const { port } = new URL(app.url);
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    const [start = '', ...lines] = head.split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => line.split(': ', 2)));
    return { status: Number(start.split(' ')[1]), headers, body };
  };
  const shared = (headers: object) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name)));

  it('is answered with the headers of every other answer', async () => {
    const usual = shared((await rawGet(app.url, '/nowhere')).headers);
    expect(Object.keys(usual).toSorted()).toEqual([
      'cache-control',
      'content-security-policy',
      'cross-origin-opener-policy',
      'cross-origin-resource-policy',
      'origin-agent-cluster',
      'referrer-policy',
      'strict-transport-security',
      'x-content-type-options',
      'x-frame-options',
    ]);
    for (const accept of [BROWSER, 'application/json'])
      expect(shared((await rawGet(app.url, '/%zz', { accept })).headers)).toEqual(usual);
    expect(shared((await send('nonsense\r\n\r\n')).headers)).toEqual(usual);
  });

  it('is a page where a page is wanted', async () => {
    const { status, headers, body } = await rawGet(app.url, '/%zz', { accept: BROWSER });
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 400,
      type: 'text/html; charset=utf-8',
    });
    expect(body).toContain('<h1>The request cannot be understood</h1>');
    expect(body).toContain(String(headers['x-request-id']));
  });

  it.each([
    ['an address that is no URL', 400, 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['what is no HTTP', 400, 'nonsense\r\n\r\n'],
    ['headers without end', 431, `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('is a problem otherwise, with its log line: %s', async (_what, status, bytes) => {
    const answer = await send(bytes);
    const requestId: unknown = answer.headers['x-request-id'];
    expect(requestId).toMatch(/^[\w-]{36}$/);
    expect(JSON.parse(answer.body)).toEqual({
      type: 'about:blank',
      title: 'The request cannot be understood',
      status,
      detail: expect.any(String),
      code: 'invalid_request',
      request_id: requestId,
    });
    expect(answer).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json' },
    });
    expect(log).toHaveBeenCalledWith(
      { request_id: requestId, code: 'invalid_request', status },
      expect.any(String),
    );
  });
});
