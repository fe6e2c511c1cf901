import { randomUUID } from 'node:crypto';
import accepts from '@fastify/accepts';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import serveStatic from '@fastify/static';
import view from '@fastify/view';
import { Logger as NestLogger } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from 'nestjs-pino';
import { httpConfig, type HttpConfig } from './common/http.config.js';
import { securityHeaders } from './common/security-headers.js';
import { ASSETS_DIR, createEta, VIEWS_DIR } from './welcome/views.js';

const MAX_BODY_BYTES = 64 * 1024;

const unroutableLogger = new NestLogger('Unroutable');

/** The HTTP server under Nest; each request gets an id, which its log lines and its error page carry. */
export function createHttpAdapter({ trustProxy }: Pick<HttpConfig, 'trustProxy'>): FastifyAdapter {
  return new FastifyAdapter({
    genReqId: () => randomUUID(),
    trustProxy,
    bodyLimit: MAX_BODY_BYTES,
    frameworkErrors: answerUnroutable,
  });
}

/** Everything about HTTP that is not a feature, the same for `main` and the tests. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const { secureCookies } = app.get<HttpConfig>(httpConfig.KEY);
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks([], { useProcessExit: true });
  await app.register(helmet, securityHeaders(secureCookies));
  await app.register(accepts);
  await app.register(cookie);
  await app.register(serveStatic, { root: ASSETS_DIR, prefix: '/assets/', maxAge: '1h' });
  await app.register(view, { engine: { eta: createEta() }, root: VIEWS_DIR, viewExt: 'eta' });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    })
    .addHook('onSend', async (_request, reply) => {
      // A connection that is kept open would hold the process long after its last answer.
      if (!reply.server.server.listening) reply.header('connection', 'close');
    });
}

/** An address that is no URL never meets a route or a hook: this is all that answers it. */
function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 400;
  const problem = {
    type: 'about:blank',
    title: 'The request cannot be read',
    status,
    detail: 'The address is not a valid one.',
    code: 'invalid_request',
    request_id: request.id,
  };
  unroutableLogger.log({ request_id: request.id, code: problem.code, status }, problem.detail);
  reply
    .code(status)
    .headers({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id,
    })
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}
