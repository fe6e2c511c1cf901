import {
  append,
  at,
  breakCookie,
  error,
  injectCode,
  set,
  swapCookies,
  visitOfAStranger,
  without,
} from './arrivals.js';
import { withQuery } from './journey.js';
import {
  AUTHORIZATION_FAILED,
  MARKUP,
  NOTHING_ASKED,
  TOKEN_ASKED,
  type Refusal,
  type RefusedScenario,
} from './scenario.js';

const TEN_MINUTES_MS = 10 * 60_000;

const INVALID: Refusal = {
  status: 400,
  code: 'invalid_callback',
  says: /not what PagerDuty sends/,
};
const MISMATCH: Refusal = { status: 403, code: 'state_mismatch' };
const EXPIRED: Refusal = { status: 403, code: 'flow_expired', says: /10 minutes/ };
const OTHER_ISSUER: Refusal = { status: 403, code: 'issuer_mismatch' };
const DENIED: Refusal = { status: 403, code: 'access_denied', says: /You said no/ };
const SPENT_CODE: Refusal = { status: 403, code: 'code_rejected', says: /30 seconds/ };

const junk = (when: string, arrives: RefusedScenario['arrives']): RefusedScenario => ({
  when: `the callback ${when}`,
  arrives,
  ends: INVALID,
  asks: NOTHING_ASKED,
  flowsLeft: 1,
});

/** Junk beside a state that is right: the person can at least start the same flow again. */
const junkForItsFlow = (when: string, arrives: RefusedScenario['arrives']): RefusedScenario => ({
  ...junk(when, arrives),
  knowsFlow: true,
});

const JUNK: readonly RefusedScenario[] = [
  junk('has no parameters', at('')),
  junk('has an empty query', at('?')),
  junkForItsFlow('has a state alone', without('code')),
  junk('has a made-up state alone', at('?state=made-up')),
  junk('has parameters of somebody else', at('?ticket=1')),
  junk('has the state twice', append('&state=again')),
  junkForItsFlow('has the code twice', append('&code=again')),
  junkForItsFlow('has the issuer twice', append('&iss=a&iss=b')),
  junk('has a description twice', at('?error=a&error_description=b&error_description=c')),
  junkForItsFlow('has a parameter twice that nobody knows', append('&x=1&x=2')),
  junk('has an error twice', at('?error=access_denied&error=server_error')),
  junkForItsFlow('has both a code and an error', append('&error=access_denied')),
  junk('has an empty state', set('state', '')),
  junkForItsFlow('has an empty code', set('code', '')),
  junkForItsFlow('has an empty error', error('')),
  junkForItsFlow('has an empty issuer', append('&iss=')),
  junkForItsFlow('has an empty error beside its code', append('&error=')),
  junkForItsFlow('has a code of 5,000 characters', set('code', 'c'.repeat(5000))),
  junk('has a state of 5,000 characters', set('state', 's'.repeat(5000))),
  junkForItsFlow('has a NUL in its code', set('code', 'a\0b')),
  junkForItsFlow('has a line break in its code', set('code', 'a\r\nx-probe: 1')),
  junk('has a DEL in its state', set('state', 'a\x7f')),
  junkForItsFlow('has letters beyond ASCII in its code', set('code', 'ｃöde')),
];

/** Only a code uses a flow up. */
const KEEPS_ITS_FLOW = { flowsLeft: 1, knowsFlow: true } as const;

const foreign = (
  when: string,
  arrives: RefusedScenario['arrives'],
  flowsLeft = 1,
): RefusedScenario => ({ when, arrives, ends: MISMATCH, asks: NOTHING_ASKED, flowsLeft });

const nearlyTheState = withQuery((query) =>
  query.set('state', `${query.get('state')?.slice(0, -1)}~`),
);

const NOT_THIS_BROWSER: readonly RefusedScenario[] = [
  foreign('the state is one that this browser never had', set('state', 'made-up')),
  foreign('the state is right but for its last letter', nearlyTheState),
  foreign('the state is half a percent-encoding', at('?code=%&state=%e0%a4')),
  foreign('the state is markup', set('state', MARKUP)),
  foreign('a code comes without a state', without('state')),
  foreign('an error that is no denial comes without a state', at('?error=server_error')),
  foreign('the callback is a stranger’s', visitOfAStranger),
  foreign('the flow’s cookie was changed', breakCookie),
  foreign('the cookies of two flows were swapped', swapCookies, 2),
  foreign('a denial has a made-up state', at('?error=access_denied&state=made-up')),
];

const TOO_LATE: readonly RefusedScenario[] = [
  {
    when: 'the person took 10 minutes and a second',
    whileAway: ({ running }) => running.clock.advance(TEN_MINUTES_MS + 1000),
    ends: EXPIRED,
    asks: NOTHING_ASKED,
    ...KEEPS_ITS_FLOW,
  },
  {
    when: 'the person said no after 10 minutes and a second',
    whileAway: ({ running }) => running.clock.advance(TEN_MINUTES_MS + 1000),
    decision: 'deny',
    ends: EXPIRED,
    asks: NOTHING_ASKED,
    ...KEEPS_ITS_FLOW,
  },
  {
    when: 'the code is older than 30 seconds',
    arrives: (callback, { running }) => {
      running.clock.advance(31_000);
      return append('')(callback);
    },
    ends: SPENT_CODE,
    asks: TOKEN_ASKED,
  },
  {
    when: 'the code is made up',
    arrives: set('code', 'made-up'),
    ends: SPENT_CODE,
    asks: TOKEN_ASKED,
  },
  {
    when: 'the code was made for another flow',
    arrives: injectCode,
    ends: SPENT_CODE,
    asks: TOKEN_ASKED,
  },
];

const ISSUERS: readonly RefusedScenario[] = [
  'https://evil.example',
  'https://app.pagerduty.com/global/oauth/anonymous/',
  'HTTPS://APP.PAGERDUTY.COM/global/oauth/anonymous',
  MARKUP,
].map((issuer) => ({
  when: `the issuer is ${issuer}`,
  arrives: set('iss', issuer),
  ends: OTHER_ISSUER,
  asks: NOTHING_ASKED,
  ...KEEPS_ITS_FLOW,
}));

const SAID_NO: readonly RefusedScenario[] = [
  {
    when: 'the person says no',
    decision: 'deny',
    ends: DENIED,
    asks: NOTHING_ASKED,
    ...KEEPS_ITS_FLOW,
  },
  {
    when: 'the person says no and PagerDuty leaves out the state',
    decision: 'deny',
    arrives: without('state'),
    ends: DENIED,
    asks: NOTHING_ASKED,
    ...KEEPS_ITS_FLOW,
  },
  {
    when: 'a denial names another issuer',
    decision: 'deny',
    arrives: set('iss', 'https://evil.example'),
    ends: OTHER_ISSUER,
    asks: NOTHING_ASKED,
    ...KEEPS_ITS_FLOW,
  },
  ...[
    'invalid_request',
    'unauthorized_client',
    'unsupported_response_type',
    'invalid_scope',
    'server_error',
    'temporarily_unavailable',
    'a_word_of_its_own',
    MARKUP,
  ].map((word) => ({
    when: `PagerDuty’s error is ${word}`,
    arrives: error(word),
    ends: AUTHORIZATION_FAILED,
    asks: NOTHING_ASKED,
    ...KEEPS_ITS_FLOW,
  })),
  {
    when: 'the error’s description and address are markup',
    arrives: error('server_error', {
      error_description: MARKUP,
      error_uri: `javascript:${MARKUP}`,
    }),
    ends: AUTHORIZATION_FAILED,
    asks: NOTHING_ASKED,
    ...KEEPS_ITS_FLOW,
  },
];

/** What may come back from PagerDuty, or pretend to. */
export const CALLBACK_SCENARIOS: readonly RefusedScenario[] = [
  ...JUNK,
  ...NOT_THIS_BROWSER,
  ...TOO_LATE,
  ...ISSUERS,
  ...SAID_NO,
];
