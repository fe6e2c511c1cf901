import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpStatus, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { securityHeaders } from '../common/security-headers.js';
import { systemErrorCode } from '../common/system-error.js';
import { presentError } from './present-error.js';
import { PROBLEM_TYPE, problemOf, type ProblemFacts } from './problem.js';
import type { PageFrame } from './view-models.js';
import { createEta } from './views.js';

/** RFC 6585, section 5. */
const HEADERS_TOO_LARGE = 431;

/** What Node's parser gives up on, where 400 does not fit. */
const PARSER_REFUSALS: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [HttpStatus.REQUEST_TIMEOUT, 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [HEADERS_TOO_LARGE, 'The headers of the request are too large.'],
};

/**
 * Answers what never meets a route, a hook or the error filter: an address that is no URL, and
 * bytes that are no HTTP. Each answer has the headers, the id and the log line of any other.
 */
export class Unroutable {
  readonly #logger = new Logger(Unroutable.name);
  readonly #eta = createEta();

  constructor(
    private readonly https: boolean,
    private readonly frame: PageFrame,
  ) {}

  /** Fastify's `frameworkErrors`: what the request accepts is read plainly, for no plugin has seen it. */
  answerBadAddress(request: FastifyRequest, reply: FastifyReply): void {
    const problem: ProblemFacts = {
      code: 'invalid_request',
      status: HttpStatus.BAD_REQUEST,
      detail: 'The address is not a valid one.',
      requestId: request.id,
    };
    this.#log(problem);
    reply.code(problem.status).headers(this.#headers(request.id));
    if (request.headers.accept?.includes('text/html')) {
      const page = this.#eta.render('error', presentError(this.frame, problem));
      reply.type('text/html; charset=utf-8').send(page);
    } else {
      reply.type(PROBLEM_TYPE).send(Buffer.from(problemOf(problem)));
    }
  }

  /** Fastify's `clientErrorHandler`: there is only a socket, so the answer is written as it goes out. */
  answerNoHttp(error: Error, socket: Socket): void {
    const code = systemErrorCode(error) ?? '';
    if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const [status, detail] = PARSER_REFUSALS[code] ?? [
      HttpStatus.BAD_REQUEST,
      'This is not an HTTP request.',
    ];
    const problem: ProblemFacts = {
      code: 'invalid_request',
      status,
      detail,
      requestId: randomUUID(),
    };
    this.#log(problem);
    socket.write(this.#writeOut(problem));
    socket.destroySoon();
  }

  #writeOut(problem: ProblemFacts): string {
    const body = problemOf(problem);
    const headers = {
      ...this.#headers(problem.requestId),
      'content-type': PROBLEM_TYPE,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const start = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`;
    return [start, ...lines, '', body].join('\r\n');
  }

  #headers(requestId: string): Readonly<Record<string, string>> {
    return {
      ...securityHeaders(this.https),
      'x-request-id': requestId,
      'cache-control': 'no-store',
    };
  }

  #log({ requestId, code, status, detail }: ProblemFacts): void {
    this.#logger.log({ request_id: requestId, code, status }, detail);
  }
}
