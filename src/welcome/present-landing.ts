import type { LandingPage, Notice, PageFrame } from './view-models.js';

/** What the landing page may have to say about what was just done. */
export type LandingNotice = 'disconnected_revoked' | 'disconnected_only_here' | 'signed_out';

/** What differs from one landing to the next. */
export interface LandingFacts {
  readonly connectHref?: string | undefined;
  readonly signedInAs?: string | undefined;
  readonly notice?: LandingNotice | undefined;
}

const NOTICES = {
  disconnected_revoked: {
    tone: 'good',
    title: 'Disconnected.',
    text: 'The tokens were deleted here and revoked at PagerDuty.',
  },
  disconnected_only_here: {
    tone: 'warning',
    title: 'Disconnected here.',
    text: 'The tokens were deleted here, but PagerDuty did not confirm that it revoked them. To be sure, remove this app on your PagerDuty profile page.',
  },
  signed_out: {
    tone: 'good',
    title: 'Signed out.',
    text: 'Your PagerDuty account stays connected; this browser can no longer see it.',
  },
} as const satisfies Record<LandingNotice, Notice>;

/** The model of `landing.eta`. */
export function presentLanding(frame: PageFrame, facts: LandingFacts = {}): LandingPage {
  return {
    ...frame,
    connectHref: facts.connectHref ?? '/auth',
    signedInAs: facts.signedInAs,
    notice: facts.notice && NOTICES[facts.notice],
  };
}
