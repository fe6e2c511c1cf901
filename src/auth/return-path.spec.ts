import fc from 'fast-check';
import { DEFAULT_RETURN_PATH, toReturnPath } from './return-path.js';

const ORIGIN = 'https://connect.example.com';

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

describe('toReturnPath', () => {
  it.each([
    '/',
    '/welcome',
    '/reports?from=monday&to=friday',
    '/a/b#section',
    '/caf%C3%A9',
    '/50%25',
    '/%',
    '/search?q=a%20b',
  ])('keeps the path %s', (path) => expect(toReturnPath(path)).toBe(path));

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/%2Fevil.example',
    '/%5cevil.example',
    '/%252Fevil.example',
    '/./%2e%2e//evil.example',
    '/a/..//evil.example',
    '/\tevil',
    '/%0d%0aSet-Cookie:a=b',
    '/%250aX',
    ' /welcome',
    'welcome',
    'javascript:alert(1)',
    '/caf\u00e9',
    '/auth',
    '/callback?code=1',
    '/%61uth',
    '',
    `/${'a'.repeat(600)}`,
    ['/welcome', '/other'],
    undefined,
  ])('turns %p into the welcome page', (returnTo) => {
    expect(toReturnPath(returnTo)).toBe(DEFAULT_RETURN_PATH);
  });

  it('stays on our origin for any text: raw, decoded once, decoded twice', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '//',
      '.',
      '..',
      '@',
      ':',
      '%2F',
      '%5C',
      '%252f',
      '%2e',
      '\t',
      '\n',
      '%09',
      '?',
      '#',
      'evil.example',
      'https:',
      'a',
      '%',
      '%25',
      '\u3002',
      '\uff0f',
    );
    const hostile = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((p) => p.join('')),
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
    );
    fc.assert(
      fc.property(fc.boolean(), hostile, (slash, text) => {
        const path = toReturnPath(slash ? `/${text}` : text);
        const once = decodeLeniently(path);
        for (const form of [path, once, decodeLeniently(once)]) {
          const resolved = new URL(form, ORIGIN);
          expect(resolved.origin).toBe(ORIGIN);
          expect(new URL(resolved.pathname, ORIGIN).origin).toBe(ORIGIN);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
