import type { BadDay } from './bad-days.js';

/** The bad days that the control page offers, by what they are called there. */
export const PRESETS: Readonly<Record<string, BadDay>> = {
  'slow: answers after 3 s': { kind: 'slow', ms: 3000 },
  'hang: never answers': { kind: 'hang' },
  'down: 503': { kind: 'status', status: 503 },
  'down: 503 with Retry-After: 1': { kind: 'status', status: 503, retryAfterS: 1 },
  'broken: 500': { kind: 'status', status: 500 },
  '429 with headers and body': { kind: 'rate-limited' },
  '429 with neither': { kind: 'rate-limited', bare: true },
  'answer lost after the work is done': { kind: 'lost' },
  'answer cut after 20 bytes': { kind: 'lost', afterBytes: 20 },
  'answer stalls after 20 bytes': { kind: 'stall', afterBytes: 20 },
  'nonsense: HTML': { kind: 'nonsense', body: 'html' },
  'nonsense: a JSON array': { kind: 'nonsense', body: 'array' },
  'nonsense: truncated JSON': { kind: 'nonsense', body: 'truncated' },
  'nonsense: 16 MiB': { kind: 'nonsense', body: 'huge' },
  'nonsense: every field of another type': { kind: 'nonsense', body: 'mistyped' },
  'redirect: 307': { kind: 'redirect' },
  'invalid client': { kind: 'invalid-client' },
};
