import type { RecordedAnswer } from './recorder.js';
import { shapesOf } from './shapes.js';

/** What must stay where it belongs, and what it is called when it does not. */
export interface Treasure {
  readonly kind: string;
  readonly text: string;
}

/** A text in which no treasure may be, except of the kinds that it exists for. */
export interface Place {
  readonly where: string;
  readonly text: string;
  readonly mayHold: readonly string[];
}

/** Each find as `kind in place`. */
export function findLeaks(treasures: readonly Treasure[], places: readonly Place[]): string[] {
  const finds = treasures.flatMap(({ kind, text }) => {
    const shapes = shapesOf(text);
    return places
      .filter(({ mayHold }) => !mayHold.includes(kind))
      .filter((place) => shapes.some((shape) => place.text.includes(shape)))
      .map(({ where }) => `${kind} in ${where}`);
  });
  return [...new Set(finds)];
}

/** The body and each header of an answer; only the cookie itself and the way to PagerDuty may carry anything. */
export function placesIn(
  { request, headers, body }: RecordedAnswer,
  authorizeUrl: string,
): readonly Place[] {
  const lines = headers.map(([name, value]) => ({
    where: `header ${name} of ${request}`,
    text: value,
    mayHold: purposeOf(name, value, authorizeUrl),
  }));
  return [...lines, { where: `body of ${request}`, text: body, mayHold: [] }];
}

function purposeOf(header: string, value: string, authorizeUrl: string): readonly string[] {
  if (header === 'location' && value.startsWith(`${authorizeUrl}?`)) return ['state'];
  if (header === 'set-cookie' && value.startsWith('session=')) return ['session token'];
  if (header === 'set-cookie' && value.startsWith('flow-')) return ['flow cookie'];
  return [];
}
