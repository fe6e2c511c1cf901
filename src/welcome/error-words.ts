import type { ErrorCode } from '../common/app-error.js';

/** What an error page says for a code; what exactly happened comes from the error's own `detail`. */
export interface ErrorWords {
  /** The state, in plain words. */
  readonly title: string;
  /** What it means and what to do. */
  readonly advice: string;
}

const ASK_THE_OPERATOR = 'Tell whoever runs this app, and quote the id below.';

/** The words for each code; the compiler holds the table complete. */
export const ERROR_WORDS = {
  access_denied: {
    title: 'You said no at PagerDuty',
    advice: 'Nothing was connected and nothing was stored. If that was a slip, try again.',
  },
  invalid_callback: {
    title: 'This link does not finish a connection',
    advice: 'Nothing was changed. Start at the beginning rather than from a bookmark.',
  },
  state_mismatch: {
    title: 'This connection was not started in this browser',
    advice:
      'Nothing was stored: finishing it here could sign you in as somebody else. Start it again in this browser, with cookies allowed.',
  },
  flow_expired: {
    title: 'You took longer than 10 minutes',
    advice: 'Nothing was stored. A started connection waits 10 minutes at most; start a new one.',
  },
  issuer_mismatch: {
    title: 'The answer did not come from PagerDuty',
    advice: `Nothing was stored. Try again; if it comes back, somebody may be in between. ${ASK_THE_OPERATOR}`,
  },
  authorization_failed: {
    title: 'PagerDuty did not authorize the connection',
    advice: `Nothing was stored. Try again; if PagerDuty gives the same answer, the app may be registered wrongly. ${ASK_THE_OPERATOR}`,
  },
  code_rejected: {
    title: 'PagerDuty did not accept the code',
    advice:
      'Nothing was stored. A code is good for 30 seconds and one use: a slow network or a reload spends it. Try again.',
  },
  client_rejected: {
    title: 'PagerDuty does not recognise this app',
    advice: `It is not your doing, and trying again will not help: the app's client ID or secret is wrong. ${ASK_THE_OPERATOR}`,
  },
  insufficient_scope: {
    title: 'PagerDuty granted less than this app needs',
    advice: `Nothing was stored. The app's registration has to change first. ${ASK_THE_OPERATOR}`,
  },
  identity_invalid: {
    title: 'PagerDuty did not prove who you are',
    advice: `Nothing was stored, to be safe. Try again first; it may have been a passing fault of PagerDuty's. ${ASK_THE_OPERATOR}`,
  },
  pagerduty_unavailable: {
    title: 'PagerDuty did not answer as it should',
    advice: 'Connections that were made before are unharmed. Wait a minute, then try again.',
  },
  rate_limited: {
    title: 'Too many requests for the moment',
    advice: 'Nothing is lost. Wait a minute, then try again.',
  },
  reconnect_required: {
    title: 'This connection has ended',
    advice: 'Its tokens can no longer be used. Connect to PagerDuty again to replace them.',
  },
  unauthorized: {
    title: 'You are not signed in',
    advice: 'What you asked for belongs to a person. Connect to PagerDuty first.',
  },
  forbidden: {
    title: 'This is not allowed',
    advice: 'Nothing was changed. Open the page from this app itself, and do it there.',
  },
  not_found: {
    title: 'There is no such page',
    advice: 'Check the address, or begin at the start page.',
  },
  invalid_request: {
    title: 'The request cannot be understood',
    advice: 'Nothing was changed. Begin at the start page.',
  },
  storage_unavailable: {
    title: 'The database is away',
    advice:
      'Connections cannot be read or kept right now. Wait a minute, then try again; those already stored are safe.',
  },
  internal_error: {
    title: 'This app has a fault',
    advice: `You did nothing wrong. Try again; if it stays like this, it has to be repaired. ${ASK_THE_OPERATOR}`,
  },
} as const satisfies Record<ErrorCode, ErrorWords>;
