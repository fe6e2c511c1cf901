import type { CookieSerializeOptions } from '@fastify/cookie';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpConfig, type HttpConfig } from '../common/http.config.js';
import { Secret } from '../common/secret.js';
import { isSessionToken } from './session-token.js';
import { SESSION_LIFE_MS } from './session.js';

/** The cookie that a signed-in browser shows; over https its name binds it to this very host (RFC 6265bis). */
@Injectable()
export class SessionCookie {
  readonly #name: string;
  readonly #attributes: CookieSerializeOptions;

  constructor(@Inject(httpConfig.KEY) { secureCookies }: Pick<HttpConfig, 'secureCookies'>) {
    this.#name = secureCookies ? '__Host-session' : 'session';
    this.#attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure: secureCookies };
  }

  /** The browser's session token; junk counts as none. */
  read(request: Pick<FastifyRequest, 'cookies'>): Secret | undefined {
    const text = request.cookies[this.#name];
    return text !== undefined && isSessionToken(text) ? new Secret(text) : undefined;
  }

  write(reply: FastifyReply, token: Secret): void {
    const maxAge = SESSION_LIFE_MS / 1000;
    reply.setCookie(this.#name, token.reveal(), { ...this.#attributes, maxAge });
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(this.#name, this.#attributes);
  }
}
