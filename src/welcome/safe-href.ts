import { isLoopbackHost } from '../common/loopback.js';

/**
 * The URL as it may stand in `href` or `src`, or `undefined`. Only https is let through, so that no
 * `javascript:` or `data:` from a profile runs; http only to this machine, where the sandbox lives.
 */
export function safeHref(raw: string | undefined): string | undefined {
  const url = URL.parse(raw ?? '');
  if (!url) return undefined;
  const allowed =
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  return allowed ? url.href : undefined;
}
