/** The forms in which a secret can lie in a text without being seen at once. */
const SHAPES = {
  'as it is': (text) => [text],
  'in JSON': (text) => [JSON.stringify(text).slice(1, -1)],
  'URL-encoded': (text) => [
    encodeURIComponent(text),
    new URLSearchParams({ text }).toString().slice(5),
  ],
  'in hex': (text) => [toHex(text), toHex(text).toUpperCase()],
  'in base64': (text) =>
    alignments(text)
      .map((bytes) => bytes.toString('base64'))
      .map(whole),
  'in base64url': (text) =>
    alignments(text)
      .map((bytes) => bytes.toString('base64url'))
      .map(whole),
} as const satisfies Readonly<Record<string, (text: string) => readonly string[]>>;

/** Every form of a text, each once. */
export function shapesOf(text: string): readonly string[] {
  return [...new Set(Object.values(SHAPES).flatMap((shape) => shape(text)))];
}

function toHex(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** Base64 looks different by where in its group of three bytes a text begins. */
function alignments(text: string): Buffer[] {
  return [0, 1, 2].map((skipped) => Buffer.from(text).subarray(skipped));
}

/** Without the last characters, which depend on what follows. */
function whole(base64: string): string {
  const significant = base64.replace(/=+$/, '').length;
  return base64.slice(0, significant - (significant % 4));
}
