import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../common/app-error.js';
import { FinishedFlows } from '../session/finished-flows.js';
import type { SignedIn } from '../session/session.js';
import { SessionCookie } from '../session/session-cookie.js';
import { Sessions } from '../session/sessions.js';
import { hashState, type Flow } from './flow.js';
import type { SignIn } from './sign-in-attempt.js';

const NOTHING_NEW: SignIn = { sessionToken: undefined, accountSwitched: false };

/**
 * Begins a browser's session, and knows which sign-ins are finished. A callback may arrive twice:
 * reloaded, double-clicked, or gone back to. The second arrival is shown what the first achieved; the
 * code is never sent again, since PagerDuty may end the grant for that (RFC 6749 section 4.1.2).
 */
@Injectable()
export class SignIns {
  constructor(
    private readonly cookie: SessionCookie,
    private readonly sessions: Sessions,
    private readonly finishedFlows: FinishedFlows,
  ) {}

  /** Signs the browser in to the connection, in place of whatever it was signed in to. */
  async begin(request: FastifyRequest, connectionId: string, flow: Flow): Promise<SignIn> {
    const earlier = await this.#current(request);
    const { token } = await this.sessions.start({
      connectionId,
      flow: { hash: hashState(flow.state), returnPath: flow.returnPath },
      replaces: this.cookie.read(request),
    });
    const accountSwitched = earlier !== undefined && earlier.connection.id !== connectionId;
    return { sessionToken: token, accountSwitched };
  }

  /** Where the sign-in of that state came out, if what this browser is signed in to came of it. */
  async findReturnPath(request: FastifyRequest, state: string): Promise<string | undefined> {
    const current = await this.#current(request);
    const finished = current && (await this.finishedFlows.find(hashState(state)));
    return finished?.connectionId === current?.connection.id ? finished?.returnPath : undefined;
  }

  /**
   * The result of a flow that is finished and whose cookie this browser still has: the first answer,
   * which carried the session, may never have arrived.
   * @returns undefined where the flow is not finished
   * @throws AppError `state_mismatch` where it is, and was signed out since
   */
  async resume(request: FastifyRequest, flow: Flow): Promise<SignIn | undefined> {
    const hash = hashState(flow.state);
    const finished = await this.finishedFlows.find(hash);
    if (!finished) return undefined;
    const current = await this.#current(request);
    if (current?.connection.id === finished.connectionId) return NOTHING_NEW;
    if (await this.sessions.findByFlow(hash))
      return this.begin(request, finished.connectionId, flow);
    throw new AppError('state_mismatch', 'This sign-in was finished before, and signed out since.');
  }

  async #current(request: FastifyRequest): Promise<SignedIn | undefined> {
    const token = this.cookie.read(request);
    return token && (await this.sessions.find(token));
  }
}
