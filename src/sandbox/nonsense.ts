import { z } from 'zod';
import type { Damage } from './bad-days.js';

const HUGE_CHARS = 16 * 1024 * 1024;

/** The names of the kinds of nonsense. */
export type NonsenseBody = Extract<Damage, { kind: 'nonsense' }>['body'];

/** Each kind of nonsense, made from the honest body. */
export const NONSENSE: Readonly<Record<NonsenseBody, (honest: string) => string>> = {
  html: () => '<!doctype html><title>Maintenance</title><p>Back soon.',
  array: (honest) => `[${honest}]`,
  truncated: (honest) => honest.slice(0, honest.length / 2),
  huge: (honest) => JSON.stringify({ ...parseObject(honest), padding: 'x'.repeat(HUGE_CHARS) }),
  mistyped: (honest) => JSON.stringify(mistype(parseObject(honest))),
  empty: () => '',
};

/** The fields of a JSON object. */
export function parseObject(json: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(json));
}

/** Every leaf becomes one of another type; an array becomes a text. */
function mistype(value: unknown): unknown {
  if (typeof value === 'string') return 7;
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return 'seven';
  const fields = Object.entries(value).map(([name, field]) => [name, mistype(field)]);
  return Object.fromEntries(fields);
}
