import { Controller, Get, HttpStatus, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../common/clock.js';
import { httpConfig, type HttpConfig } from '../common/http.config.js';
import { isLoopbackHost } from '../common/loopback.js';
import { securityHeaders } from '../common/security-headers.js';
import { NoticeCookie } from '../session/notice-cookie.js';
import { SessionCookie } from '../session/session-cookie.js';
import type { SignedIn } from '../session/session.js';
import { Sessions } from '../session/sessions.js';
import { pagesConfig, type PagesConfig } from './pages.config.js';
import { presentDisconnect } from './present-disconnect.js';
import { presentLanding } from './present-landing.js';
import { presentWelcome } from './present-welcome.js';

/** The pages of a person's way: landing, welcome, and the question before disconnecting. */
@Controller()
export class WelcomeController {
  constructor(
    @Inject(pagesConfig.KEY) private readonly frame: PagesConfig,
    @Inject(httpConfig.KEY) private readonly http: HttpConfig,
    private readonly clock: Clock,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly notice: NoticeCookie,
  ) {}

  @Get()
  async landing(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const found = await this.#signedIn(request);
    const notice = this.notice.take(request, reply);
    const page = presentLanding(this.frame, {
      connectHref: this.#connectHref(request),
      signedInAs: found?.connection.profile.name,
      notice: notice === 'account_switched' ? undefined : notice,
    });
    await reply.view('landing', page);
  }

  @Get('welcome')
  async welcome(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const found = await this.#signedIn(request);
    if (!found) return void reply.redirect('/', HttpStatus.SEE_OTHER);
    const { connection } = found;
    const notice = this.notice.take(request, reply);
    const page = presentWelcome(this.frame, {
      profile: connection.profile,
      connection: { ...connection, connectedAtMs: connection.createdAtMs },
      nowMs: this.clock.now(),
      connectHref: this.#connectHref(request),
      accountSwitched: notice === 'account_switched',
    });
    const avatarOrigins = page.avatarSrc ? [new URL(page.avatarSrc).origin] : [];
    reply.headers(securityHeaders(this.http.secureCookies, avatarOrigins));
    await reply.view('welcome', page);
  }

  @Get('disconnect')
  async askBeforeDisconnecting(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.#signedIn(request);
    if (!found) return void reply.redirect('/', HttpStatus.SEE_OTHER);
    await reply.view('disconnect', presentDisconnect(this.frame, found.connection));
  }

  async #signedIn(request: FastifyRequest): Promise<SignedIn | undefined> {
    const token = this.cookie.read(request);
    return token && (await this.sessions.find(token));
  }

  /**
   * A flow must start at the origin that PagerDuty sends people back to, since cookies stay there.
   * Somebody at 127.0.0.1 whose callback is at localhost is led over.
   */
  #connectHref({ host }: FastifyRequest): string {
    const here = URL.parse(`http://${host}`);
    const ours = new URL(this.http.publicOrigin);
    const isOtherLoopbackName =
      here !== null &&
      here.host !== ours.host &&
      here.port === ours.port &&
      isLoopbackHost(here.hostname) &&
      isLoopbackHost(ours.hostname);
    return isOtherLoopbackName ? `${this.http.publicOrigin}/auth` : '/auth';
  }
}
