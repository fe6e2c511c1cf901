import { randomUUID } from 'node:crypto';
import accepts from '@fastify/accepts';
import cookie from '@fastify/cookie';
import serveStatic from '@fastify/static';
import view from '@fastify/view';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from 'nestjs-pino';
import { httpConfig, type HttpConfig } from './common/http.config.js';
import { securityHeaders } from './common/security-headers.js';
import { pagesConfig } from './welcome/pages.config.js';
import { Unroutable } from './welcome/unroutable.js';
import type { PageFrame } from './welcome/view-models.js';
import { ASSETS_DIR, createEta, VIEWS_DIR } from './welcome/views.js';

const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
/** Node looks at request time-outs only this often. */
const TIMEOUT_CHECK_MS = 1000;
/** Of the 15 s that a stop may take, what the last requests get. */
const STOP_PATIENCE_MS = 14_000;

/** The HTTP server under Nest; each request gets an id, which its log lines and its error page carry. */
export function createHttpAdapter(
  { trustProxy, secureCookies }: Pick<HttpConfig, 'trustProxy' | 'secureCookies'>,
  frame: PageFrame = pagesConfig(),
): FastifyAdapter {
  const unroutable = new Unroutable(secureCookies, frame);
  return new FastifyAdapter({
    genReqId: () => randomUUID(),
    trustProxy,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node swaps the two time-outs where the one for the headers, 60 s by default, is the longer.
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    frameworkErrors: (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      unroutable.answerBadAddress(request, reply),
    clientErrorHandler: (error, socket) => unroutable.answerNoHttp(error, socket),
  });
}

/** Everything about HTTP that is not a feature, the same for `main` and the tests. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const { secureCookies } = app.get<HttpConfig>(httpConfig.KEY);
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks([], { useProcessExit: true });
  await app.register(accepts);
  await app.register(cookie);
  await app.register(serveStatic, { root: ASSETS_DIR, prefix: '/assets/', maxAge: '1h' });
  await app.register(view, { engine: { eta: createEta() }, root: VIEWS_DIR, viewExt: 'eta' });
  const headers = securityHeaders(secureCookies);
  const http = app.getHttpAdapter().getInstance();
  http
    .addHook('onRequest', async (request, reply) => {
      reply.headers(headers).header('x-request-id', request.id).header('cache-control', 'no-store');
    })
    .addHook('onSend', async (_request, reply) => {
      // A connection that is kept open would hold the process long after its last answer.
      if (!reply.server.server.listening) reply.header('connection', 'close');
    })
    .addHook('preClose', async () => {
      // Node checks no time-outs any more once a server is closing.
      setTimeout(() => http.server.closeAllConnections(), STOP_PATIENCE_MS).unref();
    });
}
