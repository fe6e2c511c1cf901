import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../common/app-error.js';
import { httpConfig, type HttpConfig } from '../common/http.config.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Refuses what another site makes a browser send. Fetch Metadata tells; browsers without it send
 * `Origin`; a request with neither comes from no browser, so nobody's cookies were borrowed for it.
 */
@Injectable()
export class CrossSiteGuard implements CanActivate {
  constructor(@Inject(httpConfig.KEY) private readonly config: HttpConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (SAFE_METHODS.has(request.method) || this.#isFromHere(request)) return true;
    throw new AppError(
      'forbidden',
      'This request was made by another site. Open the page here and do it again.',
    );
  }

  #isFromHere({ headers }: FastifyRequest): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    return headers.origin === undefined || headers.origin === this.config.publicOrigin;
  }
}
