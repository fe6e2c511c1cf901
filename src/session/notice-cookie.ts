import { Inject, Injectable } from '@nestjs/common';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpConfig, type HttpConfig } from '../common/http.config.js';

/** What the next page may have to tell this browser. */
export const NOTICES = [
  'account_switched',
  'disconnected_revoked',
  'disconnected_only_here',
  'signed_out',
] as const;

export type Notice = (typeof NOTICES)[number];

const LIFE_S = 60;

/** One word for the next page, in a cookie that lasts a minute. */
@Injectable()
export class NoticeCookie {
  readonly #name: string;
  readonly #cookie: CookieSerializeOptions;

  constructor(@Inject(httpConfig.KEY) { secureCookies }: HttpConfig) {
    this.#name = secureCookies ? '__Host-notice' : 'notice';
    this.#cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: secureCookies };
  }

  leave(reply: FastifyReply, notice: Notice): void {
    reply.setCookie(this.#name, notice, { ...this.#cookie, maxAge: LIFE_S });
  }

  /** The notice, which is thereby told: a second page does not repeat it. */
  take(request: FastifyRequest, reply: FastifyReply): Notice | undefined {
    const left = request.cookies[this.#name];
    if (left === undefined) return undefined;
    reply.clearCookie(this.#name, this.#cookie);
    return NOTICES.find((notice) => notice === left);
  }
}
