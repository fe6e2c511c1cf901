const MARKUP = /<[^>]*>/g;
const LETTER = /[\p{L}\p{N}]/u;
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * At most two characters, as a reader counts them, to stand for a name where there is no picture:
 * the first letters of its first and last word, else its first emoji, else `?`.
 */
export function initialsOf(name: string): string {
  const words = name.normalize('NFC').replace(MARKUP, ' ').split(/\s+/u);
  const letters = words.flatMap((word) => firstGrapheme(word, LETTER) ?? []);
  const first = letters.at(0);
  if (first === undefined) return firstGrapheme(name, EMOJI) ?? '?';
  const last = letters.length > 1 ? letters.at(-1) : undefined;
  return `${first}${last ?? ''}`.toLocaleUpperCase('en');
}

function firstGrapheme(text: string, kind: RegExp): string | undefined {
  for (const { segment } of graphemes.segment(text)) {
    if (kind.test(segment)) return segment;
  }
  return undefined;
}
