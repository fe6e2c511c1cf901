import { Inject, Injectable } from '@nestjs/common';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Clock } from '../common/clock.js';
import { httpConfig, type HttpConfig } from '../common/http.config.js';
import { KeyRing } from '../connections/key-ring.js';
import type { Sealer } from '../connections/sealer.js';
import { hashState, type Flow } from './flow.js';

const MAX_PENDING = 5;
/** Longer than a flow lives, so that a late callback is told that it is late, and not that it is unknown. */
const COOKIE_LIFE_S = 3600;
const NAME_HASH_LENGTH = 16;

const flowSchema = z.object({
  state: z.string(),
  codeVerifier: z.string(),
  returnPath: z.string(),
  startedAtMs: z.number(),
});

/**
 * Keeps each pending flow in a sealed cookie of its own. Tabs do not disturb each other, a forged
 * callback finds nothing to break, the server stores nothing, and any replica can finish the flow.
 */
@Injectable()
export class FlowCookies {
  readonly #prefix: string;
  readonly #cookie: CookieSerializeOptions;
  readonly #sealer: Sealer;

  constructor(
    private readonly clock: Clock,
    keyRing: KeyRing,
    @Inject(httpConfig.KEY) { secureCookies }: HttpConfig,
  ) {
    this.#prefix = secureCookies ? '__Host-flow-' : 'flow-';
    this.#cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: secureCookies };
    this.#sealer = keyRing.sealer('flow-cookie');
  }

  /** Gives this browser one more pending flow; of more than five the oldest is given up. */
  begin(request: FastifyRequest, reply: FastifyReply, started: Omit<Flow, 'startedAtMs'>): void {
    const flow: Flow = { ...started, startedAtMs: this.clock.now() };
    const name = this.#nameFor(flow.state);
    for (const surplus of this.#surplusNames(request)) reply.clearCookie(surplus, this.#cookie);
    const sealed = this.#sealer.seal(JSON.stringify(flow), [name]);
    reply.setCookie(name, sealed, { ...this.#cookie, maxAge: COOKIE_LIFE_S });
  }

  /** The pending flow that `state` belongs to, if this browser has it, however old it is. */
  find(request: FastifyRequest, state: string): Flow | undefined {
    return this.#open(request, this.#nameFor(state));
  }

  /** Every flow that this browser has pending, however old. */
  pending(request: FastifyRequest): readonly Flow[] {
    return this.#names(request).flatMap((name) => this.#open(request, name) ?? []);
  }

  /** Uses the flow up. */
  consume(reply: FastifyReply, { state }: Flow): void {
    reply.clearCookie(this.#nameFor(state), this.#cookie);
  }

  #nameFor(state: string): string {
    return this.#prefix + hashState(state).slice(0, NAME_HASH_LENGTH);
  }

  #names(request: FastifyRequest): string[] {
    return Object.keys(request.cookies).filter((name) => name.startsWith(this.#prefix));
  }

  /** The cookies that must go so that one more flow fits: unreadable ones, then the oldest. */
  #surplusNames(request: FastifyRequest): string[] {
    const startedAtMs = (name: string) => this.#open(request, name)?.startedAtMs ?? 0;
    return this.#names(request)
      .map((name) => ({ name, startedAtMs: startedAtMs(name) }))
      .toSorted((a, b) => b.startedAtMs - a.startedAtMs)
      .filter((cookie, index) => cookie.startedAtMs === 0 || index >= MAX_PENDING - 1)
      .map(({ name }) => name);
  }

  #open(request: FastifyRequest, name: string): Flow | undefined {
    const sealed = request.cookies[name];
    if (!sealed) return undefined;
    try {
      return flowSchema.parse(JSON.parse(this.#sealer.open(sealed, [name])));
    } catch {
      // Not sealed by us, or under a key that is gone: the browser has no such flow.
      return undefined;
    }
  }
}
