import { setTimeout as passTime } from 'node:timers/promises';
import type { BadDayTarget } from '../../../src/sandbox/bad-days.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { TIMED_OUT, UNAVAILABLE, type Refusal } from './scenario.js';
import { FORMS } from './expect-refusal.js';

const LOOK_AGAIN_MS = 5;

/** PagerDuty keeps a browser waiting. */
export interface Silence {
  /** Gives whether it has struck one journey for each form, so that the next may begin. */
  readonly begins: (sandbox: Sandbox) => () => boolean;
  readonly ends: Refusal;
}

const isOver = ({ days }: Sandbox, target: BadDayTarget): boolean =>
  days.planned().every((planned) => planned.target !== target);

/** In this order: each leaves the way free for the next while its own journeys still wait. */
export const SILENCES: readonly Silence[] = [
  // The keys never come.
  {
    begins: (sandbox) => {
      sandbox.tamperIdToken = (token) => ({ ...token, header: { kid: 'unknown' } });
      sandbox.days.set('jwks', { kind: 'hang', times: 1 });
      return () => {
        const tokensGiven = sandbox.requests.tokenRequests().every(({ status }) => status === 200);
        const allAsked = sandbox.requests.tokenRequests().length === FORMS.length;
        if (!tokensGiven || !allAsked || !isOver(sandbox, 'jwks')) return false;
        sandbox.tamperIdToken = undefined;
        return true;
      };
    },
    ends: TIMED_OUT,
  },
  // The profile never comes.
  {
    begins: (sandbox) => {
      sandbox.days.set('users_me', { kind: 'hang', times: FORMS.length });
      return () => isOver(sandbox, 'users_me');
    },
    ends: TIMED_OUT,
  },
  // The token never comes.
  {
    begins: (sandbox) => {
      sandbox.days.set('token', { kind: 'hang', times: FORMS.length });
      return () => isOver(sandbox, 'token');
    },
    ends: TIMED_OUT,
  },
  // The token comes by half.
  {
    begins: (sandbox) => {
      sandbox.days.set('token', { kind: 'stall', afterBytes: 40, times: FORMS.length });
      return () => isOver(sandbox, 'token');
    },
    ends: TIMED_OUT,
  },
  // The profile is in trouble for ever.
  {
    begins: (sandbox) => {
      sandbox.days.set('users_me', { kind: 'status', status: 500 });
      return () => true;
    },
    ends: UNAVAILABLE,
  },
];

/** Looks until it is so; the suite's own time-out ends a wait in vain. */
export async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await passTime(LOOK_AGAIN_MS);
}
