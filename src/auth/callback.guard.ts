import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../common/app-error.js';
import { Clock } from '../common/clock.js';
import { httpConfig, type HttpConfig } from '../common/http.config.js';
import { pagerDutyConfig, type PagerDutyConfig } from '../pagerduty/pagerduty.config.js';
import { parseCallbackQuery, type CallbackQuery } from './callback-query.js';
import { FLOW_LIFE_MS, type Flow } from './flow.js';
import { FlowCookies } from './flow-cookies.js';
import { SignIns } from './sign-ins.js';
import { tryAgainHref } from './start.guard.js';

/**
 * Lets a callback through only where it belongs to a flow of this browser, and PagerDuty said yes.
 * passport-oauth2 would believe an error before it has looked at the state, and take a callback
 * without parameters for a new start.
 */
@Injectable()
export class CallbackGuard implements CanActivate {
  constructor(
    private readonly clock: Clock,
    private readonly flows: FlowCookies,
    private readonly signIns: SignIns,
    @Inject(pagerDutyConfig.KEY) private readonly pagerDuty: PagerDutyConfig,
    @Inject(httpConfig.KEY) private readonly http: HttpConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest<{ Querystring: { state?: unknown } }>>();
    const reply = http.getResponse<FastifyReply>();
    const flow = this.#findFlow(request);
    request.tryAgainHref = tryAgainHref(flow?.returnPath);
    const query = parseCallbackQuery(request.query);
    if (!flow) {
      const { state } = query;
      const returnPath = state && (await this.signIns.findReturnPath(request, state));
      if (!returnPath) throw this.#unknownFlow(request, query);
      const signIn = { sessionToken: undefined, accountSwitched: false };
      request.signInAttempt = { request, reply, query: {}, returnPath, signIn };
      return true;
    }
    this.#refuseWhatIsNotOurs(flow, query);
    const { state, code } = query;
    if (state === undefined || code === undefined) throw refusalOf(query.error);
    // Only a code uses the flow up: a refusal that is loaded again is told again.
    this.flows.consume(reply, flow);
    request.signInAttempt = {
      request,
      reply,
      query: { state, code },
      returnPath: flow.returnPath,
      flow,
    };
    return true;
  }

  #refuseWhatIsNotOurs({ startedAtMs }: Flow, { iss }: CallbackQuery): void {
    if (this.clock.now() - startedAtMs > FLOW_LIFE_MS) {
      throw new AppError(
        'flow_expired',
        'This sign-in was started more than 10 minutes ago, and has been given up.',
      );
    }
    // RFC 9207: where the answer names its issuer, it must be the one that was asked.
    if (iss !== undefined && !this.pagerDuty.issuers.includes(iss)) {
      throw new AppError(
        'issuer_mismatch',
        'The answer names another issuer than PagerDuty, so it was not used. Start again.',
      );
    }
  }

  #findFlow(request: FastifyRequest<{ Querystring: { state?: unknown } }>): Flow | undefined {
    const { state } = request.query;
    return typeof state === 'string' ? this.flows.find(request, state) : undefined;
  }

  /** PagerDuty may leave the state out of a person's no: a browser with a flow pending hears it. */
  #unknownFlow(request: FastifyRequest, { state, error }: CallbackQuery): AppError {
    const pending = this.flows.pending(request);
    if (state === undefined && error === 'access_denied' && pending.length > 0) {
      if (pending.length === 1) request.tryAgainHref = tryAgainHref(pending[0]?.returnPath);
      return refusalOf(error);
    }
    return new AppError(
      'state_mismatch',
      `This browser has no sign-in under way that the answer belongs to. It may be finished already, or have been started in another browser or at another address: this app lives at ${this.http.publicOrigin}.`,
    );
  }
}

function refusalOf(error: string | undefined): AppError {
  if (error === 'access_denied') {
    return new AppError(
      'access_denied',
      'PagerDuty asked whether this app may see your account, and the answer was no.',
    );
  }
  return new AppError('authorization_failed', 'PagerDuty ended the sign-in with an error.', {
    cause: new Error(`authorization endpoint: ${knownError(error)}`),
  });
}

const AUTHORIZATION_ERRORS = [
  'invalid_request',
  'unauthorized_client',
  'unsupported_response_type',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
];

/** RFC 6749's own words (section 4.1.2.1) may be logged; any other text came from the URL, and may not. */
function knownError(error: string | undefined): string {
  return (
    AUTHORIZATION_ERRORS.find((known) => known === error) ??
    'an error word that RFC 6749 does not know'
  );
}
