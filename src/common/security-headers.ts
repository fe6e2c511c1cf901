const YEAR_S = 31_536_000;

/**
 * The headers of every answer, by name (ASVS 5.0 chapter 3.4): nothing inline, no frames, no referrer.
 * @param https whether browsers come by https, and shall keep to it
 * @param imageOrigins where images may come from beside our own origin
 */
export function securityHeaders(
  https: boolean,
  imageOrigins: readonly string[] = [],
): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "style-src 'self'",
      ["img-src 'self'", ...imageOrigins].join(' '),
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join(';'),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(https && { 'strict-transport-security': `max-age=${YEAR_S}` }),
  };
}
