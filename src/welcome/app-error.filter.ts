import {
  Catch,
  HttpException,
  HttpStatus,
  Inject,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode } from '../common/app-error.js';
import { pagesConfig, type PagesConfig } from './pages.config.js';
import { presentError } from './present-error.js';
import { PROBLEM_TYPE, problemOf } from './problem.js';

type Refusal = readonly [code: ErrorCode, detail: string];

/** What the framework and its plugins refuse by themselves, by its HTTP status. */
const FOREIGN_REFUSALS: Readonly<Partial<Record<number, Refusal>>> = {
  [HttpStatus.UNAUTHORIZED]: ['unauthorized', 'This takes being signed in.'],
  [HttpStatus.FORBIDDEN]: ['forbidden', 'This is open to nobody.'],
  [HttpStatus.NOT_FOUND]: ['not_found', 'There is nothing at this address.'],
};
const UNREADABLE: Refusal = ['invalid_request', 'The request cannot be read as it is.'];

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
    else this.#sendProblem(error, request, reply);
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

  #sendProblem(
    { code, status, detail }: AppError,
    { id: requestId }: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const problem = problemOf({ code, status, detail, requestId });
    // A Buffer, so that the content type stays as it is and no charset is added.
    reply.type(PROBLEM_TYPE).send(Buffer.from(problem));
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

function wantsPage(request: FastifyRequest): boolean {
  return request.accepts().type(['html', 'json']) === 'html';
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status !== undefined && status < 500) {
    const [code, detail] = FOREIGN_REFUSALS[status] ?? UNREADABLE;
    // Not as its cause: what Nest and Fastify say repeats the address or the body, secrets and all.
    return new AppError(code, detail);
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
