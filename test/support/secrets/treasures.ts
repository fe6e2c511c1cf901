import type { JsonObject } from '../../../src/sandbox/bad-days.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { Recorder } from './recorder.js';
import type { Treasure } from './search.js';
import { MADE_UP } from './troubles.js';

/** Shorter texts are found by chance. */
const SHORTEST = 16;

const KIND_BY_FIELD: Readonly<Record<string, string>> = {
  access_token: 'access token',
  refresh_token: 'refresh token',
  id_token: 'ID token',
  token: 'revoked token',
  code: 'code',
  code_verifier: 'code verifier',
  client_secret: 'client secret',
};

/** The secret fields of a token request or a token answer. */
export function secretFields(fields: JsonObject): readonly Treasure[] {
  return Object.entries(KIND_BY_FIELD).flatMap(([field, kind]) => {
    const text = fields[field];
    return typeof text === 'string' && text.length >= SHORTEST ? [{ kind, text }] : [];
  });
}

/** What reached the sandbox: codes, verifiers, the client's secret, and the tokens that came back. */
export function treasuresAtPagerDuty({ requests, people }: Sandbox): readonly Treasure[] {
  const sent = requests.all.flatMap(({ form }) => secretFields(form ?? {}));
  const calendars = people.map(({ calendarKey }) => ({ kind: 'calendar key', text: calendarKey }));
  return [...sent, ...calendars];
}

/** What the program gave to browsers: states and cookies. */
export function treasuresInBrowsers(recorder: Recorder): readonly Treasure[] {
  const states = recorder.headers('location').flatMap((location) => {
    const state = URL.parse(location)?.searchParams.get('state');
    return state ? [{ kind: 'state', text: state }] : [];
  });
  const cookies = recorder.headers('set-cookie').flatMap((line) => {
    const [, name, text = ''] = /^(session|flow)[^=]*=([^;]*)/.exec(line) ?? [];
    if (text.length < SHORTEST) return [];
    return [{ kind: name === 'session' ? 'session token' : 'flow cookie', text }];
  });
  return [...states, ...cookies];
}

/** What only hostile requests and answers brought. */
export const MADE_UP_TREASURES: readonly Treasure[] = Object.entries(MADE_UP).map(
  ([name, text]) => ({ kind: `made-up ${name}`, text }),
);
