import * as fc from 'fast-check';
import { safeHref } from './safe-href.js';

describe('safeHref', () => {
  it.each([
    'https://acme.pagerduty.com/users/P1',
    'http://localhost:5055/users/P1',
    'http://127.0.0.1:5055/',
    'http://[::1]:5055/',
  ])('lets %s through', (url) => {
    expect(safeHref(url)).toBe(url);
  });

  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'http://acme.pagerduty.com/',
    'http://localhost.evil.example/',
    '//evil.example/',
    '/welcome',
    '',
    undefined,
  ])('refuses %j', (url) => {
    expect(safeHref(url)).toBeUndefined();
  });

  it('gives nothing but https, or http to this machine', () => {
    const scheme = fc.constantFrom(
      '',
      'https:',
      'http://',
      'https://',
      'javascript:',
      'data:',
      '\t',
    );
    fc.assert(
      fc.property(scheme, fc.oneof(fc.string(), fc.webUrl()), (start, rest) => {
        expect(safeHref(start + rest) ?? 'https://').toMatch(
          /^(https:\/\/|http:\/\/(localhost|127\.|\[::1\]))/,
        );
      }),
    );
  });
});
