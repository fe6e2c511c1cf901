import { createHash, timingSafeEqual } from 'node:crypto';

/** How long a person may take at PagerDuty. */
export const FLOW_LIFE_MS = 10 * 60_000;

/** One pending authorization, known only to the browser that started it. */
export interface Flow {
  /** The value that ties the callback to this flow (RFC 6749 section 10.12). */
  readonly state: string;
  /** The PKCE secret whose hash PagerDuty has (RFC 7636). */
  readonly codeVerifier: string;
  /** The path of ours where the person comes out. */
  readonly returnPath: string;
  readonly startedAtMs: number;
}

/** A flow's name for the outside: it tells nothing about the state. */
export function hashState(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}

/** Whether `state` is the flow's, in a time that does not depend on where they differ. */
export function isStateOf(flow: Flow, state: string): boolean {
  const [expected, given] = [Buffer.from(flow.state), Buffer.from(state)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
