import type { BadDay, BadDayTarget, JsonObject } from '../../../src/sandbox/bad-days.js';
import type { Stage } from './journey.js';

type Given = (stage: Stage) => void;

/** A bad day for one resource, until the sandbox is reset. */
export const trouble =
  (target: BadDayTarget) =>
  (...days: readonly BadDay[]): Given =>
  ({ running }) =>
    running.sandbox.days.set(target, ...days);

/** The honest JSON answer with some of its fields changed; `undefined` takes one out. */
export const changing = (fields: JsonObject): BadDay => ({
  kind: 'tamper',
  json: (body) => ({ ...body, ...fields }),
});

/** Exactly this answer. */
export const answering = (
  status: number,
  body: string | object,
  headers: Readonly<Record<string, string>> = {},
): BadDay => ({
  kind: 'answer',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});

/** Bodies that cannot be right, whatever was asked for. */
export const BROKEN_ANSWERS: readonly (readonly [what: string, day: BadDay])[] = [
  ['500', { kind: 'status', status: 500 }],
  ['501', { kind: 'status', status: 501 }],
  ['503', { kind: 'status', status: 503 }],
  ['502 with a page', answering(502, '<h1>Bad gateway</h1>', { 'content-type': 'text/html' })],
  ['a redirect', { kind: 'redirect' }],
  ['a broken connection', { kind: 'lost' }],
  ['a connection broken after 20 bytes', { kind: 'lost', afterBytes: 20 }],
  ['a page', { kind: 'nonsense', body: 'html' }],
  ['an array', { kind: 'nonsense', body: 'array' }],
  ['half a JSON text', { kind: 'nonsense', body: 'truncated' }],
  ['16 MiB', { kind: 'nonsense', body: 'huge' }],
  ['nothing', { kind: 'nonsense', body: 'empty' }],
];
