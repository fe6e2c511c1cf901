import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SessionCookie } from '../session/session-cookie.js';
import { Sessions } from '../session/sessions.js';
import { hashState, type Flow } from './flow.js';
import type { SignIn } from './sign-in-attempt.js';

/**
 * A callback may arrive twice: reloaded, double-clicked, or gone back to. The second arrival is shown
 * what the first achieved; the code is never sent again, since PagerDuty may end the grant for that.
 */
@Injectable()
export class FinishedSignIns {
  constructor(
    private readonly cookie: SessionCookie,
    private readonly sessions: Sessions,
  ) {}

  /** The sign-in of that state, if this browser's session is what came of it. */
  async inThisBrowser(
    request: FastifyRequest,
    state: string | undefined,
  ): Promise<SignIn | undefined> {
    const token = this.cookie.read(request);
    if (!token || state === undefined) return undefined;
    const found = await this.sessions.find(token);
    const isThisOne = found?.session.flowHash === hashState(state);
    return isThisOne ? { sessionToken: undefined, accountSwitched: false } : undefined;
  }

  /**
   * The sign-in of a flow that this browser still has: the first answer, which carried its session,
   * may never have arrived. It gets a session of its own, unless the first was signed out meanwhile.
   */
  async resume(flow: Flow): Promise<SignIn | undefined> {
    const flowHash = hashState(flow.state);
    const first = await this.sessions.findByFlow(flowHash);
    if (!first) return undefined;
    const { token } = await this.sessions.start({ connectionId: first.connection.id, flowHash });
    return { sessionToken: token, accountSwitched: false };
  }
}
