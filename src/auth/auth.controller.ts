import {
  Controller,
  Get,
  Head,
  HttpCode,
  HttpStatus,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../common/app-error.js';
import { NoticeCookie } from '../session/notice-cookie.js';
import { SessionCookie } from '../session/session-cookie.js';
import { Sessions } from '../session/sessions.js';
import { AuthService } from './auth.service.js';
import { CallbackGuard } from './callback.guard.js';
import { PagerDutyAuthGuard } from './pagerduty-auth.guard.js';
import { StartGuard } from './start.guard.js';

/** The routes of the flow: out to PagerDuty, back from it, and the two ways to leave. */
@Controller()
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly notice: NoticeCookie,
  ) {}

  /** A look without opening, as link checkers take: it starts and finishes nothing. */
  @Head(['auth', 'callback'])
  @HttpCode(HttpStatus.NO_CONTENT)
  look(): void {}

  /** Redirects to PagerDuty: the guard does. */
  @Get('auth')
  @UseGuards(StartGuard, PagerDutyAuthGuard)
  start(): void {}

  @Get('callback')
  @UseGuards(CallbackGuard, PagerDutyAuthGuard)
  finish(@Req() { signInAttempt }: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!signInAttempt?.signIn)
      throw new AppError('internal_error', 'The sign-in came through without a result.');
    const { signIn, returnPath } = signInAttempt;
    if (signIn.sessionToken) this.cookie.write(reply, signIn.sessionToken);
    if (signIn.accountSwitched) this.notice.leave(reply, 'account_switched');
    reply.redirect(returnPath, HttpStatus.SEE_OTHER);
  }

  @Post('logout')
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = this.cookie.read(request);
    if (token) {
      await this.sessions.end(token);
      this.notice.leave(reply, 'signed_out');
    }
    this.cookie.clear(reply);
    reply.redirect('/', HttpStatus.SEE_OTHER);
  }

  @Post('disconnect')
  async disconnect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = this.cookie.read(request);
    const found = token && (await this.sessions.find(token));
    if (found) {
      const revoked = await this.auth.disconnect(found.connection);
      this.notice.leave(reply, revoked ? 'disconnected_revoked' : 'disconnected_only_here');
    }
    this.cookie.clear(reply);
    reply.redirect('/', HttpStatus.SEE_OTHER);
  }
}
