import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../common/app-error.js';
import { DEFAULT_RETURN_PATH, toReturnPath } from './return-path.js';

/** The path that starts a flow which comes out at `returnPath`. */
export function tryAgainHref(returnPath: string = DEFAULT_RETURN_PATH): string {
  if (returnPath === DEFAULT_RETURN_PATH) return '/auth';
  return `/auth?${new URLSearchParams({ return_to: returnPath }).toString()}`;
}

/** Prepares a flow that a person started; a browser that only loads ahead starts none. */
@Injectable()
export class StartGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest<{ Querystring: { return_to?: unknown } }>>();
    const reply = http.getResponse<FastifyReply>();
    if (isPrefetch(request)) {
      throw new AppError(
        'invalid_request',
        'A page that is loaded ahead starts no sign-in. Open it to start one.',
      );
    }
    const returnPath = toReturnPath(request.query.return_to);
    request.signInAttempt = { request, reply, query: {}, returnPath };
    return true;
  }
}

/** `Sec-Purpose` is the standard's name (Fetch, section 2.2.8); the others are what older browsers send. */
function isPrefetch({ headers }: FastifyRequest): boolean {
  const purposes = [
    headers['sec-purpose'],
    headers['purpose'],
    headers['x-moz'],
    headers['x-purpose'],
  ];
  return purposes.some((purpose) => /prefetch|prerender|preview/i.test(String(purpose ?? '')));
}
