import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InternalOAuthError } from 'passport-oauth2';
import { AppError } from '../common/app-error.js';
import { hashState, type Flow } from './flow.js';
import { PassportReply } from './passport-reply.js';
import { STRATEGY_NAME } from './pagerduty.strategy.js';
import type { SignIn, SignInAttempt } from './sign-in-attempt.js';
import { SignIns } from './sign-ins.js';

/** Hands a checked request to the strategy: at `/auth` it redirects, at `/callback` it signs in. */
@Injectable()
export class PagerDutyAuthGuard extends AuthGuard(STRATEGY_NAME) {
  readonly #running = new Map<string, Promise<void>>();

  constructor(private readonly signIns: SignIns) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const attempt = attemptOf(context);
    if (attempt.signIn) return true;
    if (attempt.flow) await this.#finishOnce(context, attempt, attempt.flow);
    else await super.canActivate(context);
    return true;
  }

  /** Of callbacks that arrive together one does the work; the others wait for it, and share how it ends. */
  async #finishOnce(context: ExecutionContext, attempt: SignInAttempt, flow: Flow): Promise<void> {
    const key = hashState(flow.state);
    const first = this.#running.get(key);
    if (first) {
      await first;
      attempt.signIn = await this.signIns.resume(attempt.request, flow);
      return;
    }
    const running = this.#finish(context, attempt, flow);
    this.#running.set(key, running);
    try {
      await running;
    } finally {
      this.#running.delete(key);
    }
  }

  async #finish(context: ExecutionContext, attempt: SignInAttempt, flow: Flow): Promise<void> {
    attempt.signIn = await this.signIns.resume(attempt.request, flow);
    if (!attempt.signIn) await super.canActivate(context);
  }

  override getRequest(context: ExecutionContext): SignInAttempt {
    return attemptOf(context);
  }

  getResponse(context: ExecutionContext): PassportReply {
    return new PassportReply(context.switchToHttp().getResponse<FastifyReply>());
  }

  /** Our own errors pass; what passport or PagerDuty made of one stays behind as the cause. */
  override handleRequest<TUser>(
    error: unknown,
    signIn: TUser | false,
    _challenge: unknown,
    context: ExecutionContext,
  ): TUser {
    const cause = error instanceof InternalOAuthError ? error.oauthError : error;
    if (cause instanceof Error) throw cause;
    if (!isSignIn(signIn)) {
      throw new AppError('state_mismatch', 'This sign-in was not started in this browser.');
    }
    attemptOf(context).signIn = signIn;
    return signIn;
  }
}

function isSignIn<T>(user: T | false): user is T & SignIn {
  return typeof user === 'object' && user !== null && 'sessionToken' in user;
}

function attemptOf(context: ExecutionContext): SignInAttempt {
  const { signInAttempt } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!signInAttempt)
    throw new AppError('internal_error', 'The route has no guard that prepares the sign-in.');
  return signInAttempt;
}
