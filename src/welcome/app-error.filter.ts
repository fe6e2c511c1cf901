import {
  Catch,
  HttpException,
  Inject,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../common/app-error.js';
import { ERROR_WORDS } from './error-words.js';
import { pagesConfig, type PagesConfig } from './pages.config.js';
import { presentError } from './present-error.js';

/** Turns every failure into a page, or into `application/problem+json` (RFC 9457) where no page is wanted. */
@Catch()
export class AppErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(AppErrorFilter.name);

  constructor(@Inject(pagesConfig.KEY) private readonly frame: PagesConfig) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toAppError(thrown);
    this.#log(error);
    if (reply.sent) return;
    reply.code(error.status).header('cache-control', 'no-store');
    if (error.retryAfterS !== undefined) reply.header('retry-after', error.retryAfterS);
    if (wantsPage(request)) await this.#sendPage(error, request, reply);
    else sendProblem(error, request, reply);
  }

  async #sendPage(
    { code, status, detail }: AppError,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { id: requestId, tryAgainHref } = request;
    await reply.view(
      'error',
      presentError(this.frame, { code, status, detail, requestId, tryAgainHref }),
    );
  }

  #log(error: AppError): void {
    const facts = {
      code: error.code,
      status: error.status,
      ...(error.cause ? { err: error.cause } : {}),
    };
    if (error.code === 'internal_error') this.#logger.error(facts, error.message);
    else if (error.status >= 500) this.#logger.warn(facts, error.message);
    else this.#logger.log(facts, error.message);
  }
}

function sendProblem(
  { code, status, detail }: AppError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { title } = ERROR_WORDS[code];
  const problem = { type: 'about:blank', title, status, detail, code, request_id: request.id };
  // A Buffer, so that the content type stays as it is and no charset is added.
  reply.type('application/problem+json').send(Buffer.from(JSON.stringify(problem)));
}

function wantsPage(request: FastifyRequest): boolean {
  return request.accepts().type(['html', 'json']) === 'html';
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status === 404) return new AppError('not_found', 'There is nothing at this address.');
  if (status !== undefined && status < 500) {
    const detail = 'The request cannot be read as it is.';
    return new AppError('invalid_request', detail, { status, cause: thrown });
  }
  return new AppError(
    'internal_error',
    'The program met a case that it does not know. It has been logged.',
    { cause: thrown },
  );
}

/** Nest's own exceptions tell their status by a method, Fastify's by a property. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number')
    return thrown.statusCode;
  return undefined;
}
