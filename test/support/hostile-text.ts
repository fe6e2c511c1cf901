import fc from 'fast-check';

/** Text that would run, break out, or split a header, were it ever shown as it came. */
export const MARKERS = [
  '<x-probe>',
  `"'><script>x-probe</script>`,
  '</title><x-probe>',
  'x\r\nx-probe: 1',
  '<%= "x-probe" %>',
  '`<x-probe>`',
] as const;

/** How a marker looks where it has got through: as an element, or as a header of its own. */
export const MARKER_SHOWN = /<x-probe|<script|"'>|<\/title><|^x-probe/im;

const PARAMETERS = ['code', 'state', 'error', 'error_description', 'error_uri', 'iss', 'scope'];
const TRAPS = ['', '__proto__', 'constructor', 'toString', 'code[]', 'state[$ne]', 'code%00'];

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[%0-9a-fA-Fu+;]*$/),
  fc.constantFrom(...MARKERS),
  fc.constantFrom('%', '%zz', '%00', '%0d%0ax-probe:1', '%c0%af', 'access_denied', 'server_error'),
  fc.constant('long'.repeat(1100)),
);

/** A query of a few parameters, named as PagerDuty names them or not, encoded or not. */
export function anyQuery(
  moreValues: fc.Arbitrary<string> = fc.constant('x'),
): fc.Arbitrary<string> {
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...PARAMETERS) },
    { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...TRAPS), anyText) },
  );
  const value = fc.oneof({ weight: 3, arbitrary: anyText }, { weight: 1, arbitrary: moreValues });
  const parameter = fc
    .tuple(name, value, fc.boolean())
    .map((parts) => `${written(parts[0], parts[2])}=${written(parts[1], parts[2])}`);
  return fc.array(parameter, { maxLength: 6 }).map((parameters) => parameters.join('&'));
}

/** Either percent-encoded, or with only what no request line can hold taken out. */
function written(value: string, encoded: boolean): string {
  return encoded
    ? encodeURIComponent(value.toWellFormed())
    : value.replaceAll(/[^\x21-\xff]/g, '').slice(0, 2000);
}

const PLAIN = ['/', '//', '\\', '.', '..', ':', ';', '?', '#', '@', '[', '\t', '\n', '／', 'a'];
const ENCODED = [
  '%',
  '%zz',
  '%ff',
  '%2f',
  '%5C',
  '%2e',
  '%09',
  '%0a',
  '%00',
  '%23',
  '%40',
  '%c0%af',
];
const ENCODED_TWICE = ['%252f', '%255c', '%2509', '%252e', '%25zz', '%25252f'];
const WORDS = ['evil.example', 'https:', 'javascript:', 'auth', 'welcome'];
const PIECES = [...PLAIN, ...ENCODED, ...ENCODED_TWICE, ...WORDS];

const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 7 }).map((all) => all.join(''));

/** Addresses that try to lead away. */
export const anyReturnTo: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: pieces.map((rest) => `/${rest}`) },
  { weight: 1, arbitrary: pieces },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()) },
  { weight: 1, arbitrary: fc.webUrl({ withQueryParameters: true }) },
);

const segment = fc.stringMatching(/^[\w-]{1,12}$/);

/** Addresses of ours. */
export const anyPathOfOurs: fc.Arbitrary<string> = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), segment)
  .map(([path, word]) => `/p/${path.join('/')}?q=${word}`);
