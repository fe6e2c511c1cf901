import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { MADE_UP } from './troubles.js';

const QUERY = new URLSearchParams({ ...MADE_UP }).toString();
const BODY = JSON.stringify(MADE_UP);
const COOKIE = `session=${MADE_UP.session}; flow-0123456789abcdef=${MADE_UP.state}`;
const BEARER = { authorization: `Bearer ${MADE_UP.accessToken}` };

/** A request that belongs to no sign-in, full of secrets, and the status that it is to be answered with. */
export interface StrayRequest {
  readonly path: string;
  readonly init: RequestInit;
  readonly status: number;
}

export const STRAY_REQUESTS: readonly StrayRequest[] = [
  { path: `/nowhere?${QUERY}`, init: { headers: BEARER }, status: 404 },
  { path: `/nowhere?${QUERY}`, init: { headers: { accept: 'text/html' } }, status: 404 },
  { path: `/%?${QUERY}`, init: {}, status: 400 },
  { path: `/welcome?${QUERY}`, init: { headers: { ...BEARER, cookie: COOKIE } }, status: 303 },
  {
    path: `/auth?${QUERY}`,
    init: { headers: { 'sec-purpose': 'prefetch', cookie: COOKIE } },
    status: 400,
  },
  { path: '/logout', init: post('application/json', BODY.slice(0, -1)), status: 400 },
  { path: '/logout', init: post('application/json', BODY.replaceAll('"', '')), status: 400 },
  { path: '/logout', init: post('text/x-secrets', BODY), status: 400 },
  { path: '/disconnect', init: post('application/json', BODY.repeat(500)), status: 400 },
  {
    path: '/disconnect',
    init: post('application/json', BODY, { 'sec-fetch-site': 'cross-site' }),
    status: 403,
  },
  { path: '/disconnect', init: post('application/json', BODY, { cookie: COOKIE }), status: 303 },
];

/** Speaks to the port in what is not HTTP, and gives what comes back. */
export async function sendJunk(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`GET /callback?${QUERY} HTTP/1.1\r\nCookie: ${COOKIE}\r\nno header\r\n\r\n`);
  return text(socket);
}

function post(
  contentType: string,
  body: string,
  headers: Record<string, string> = {},
): RequestInit {
  return { method: 'POST', headers: { 'content-type': contentType, ...headers }, body };
}
