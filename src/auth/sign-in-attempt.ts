import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Secret } from '../common/secret.js';
import type { Flow } from './flow.js';

/** What a finished sign-in leaves the browser with. */
export interface SignIn {
  /** The new session's token; absent where the browser already holds the session. */
  readonly sessionToken: Secret | undefined;
  /** Whether the browser was signed in as somebody else until now. */
  readonly accountSwitched: boolean;
}

/**
 * One request of the flow, as the strategy sees it. Passport reads `query` and hands the whole to
 * the state store and to `validate`; it never meets the framework's own request.
 */
export interface SignInAttempt {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Empty where the flow starts; state and code where it ends. */
  readonly query: { readonly state?: string; readonly code?: string };
  readonly returnPath: string;
  /** The pending flow that the callback belongs to. */
  readonly flow?: Flow;
  /** Set once the sign-in is done. */
  signIn?: SignIn | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    signInAttempt?: SignInAttempt;
    /** Where the error page's **Try again** leads; the landing page where it is absent. */
    tryAgainHref?: string;
  }
}
