// Decodes what can be decoded and leaves the rest, where decodeURIComponent would leave all of it.
import { unescape } from 'node:querystring';

/** Where a person comes out after signing in, when nothing else was asked for. */
export const DEFAULT_RETURN_PATH = '/welcome';

const MAX_LENGTH = 512;
const FLOW_PATHS = new Set(['/auth', '/callback', '/logout', '/disconnect']);
const ANY_ORIGIN = 'https://ours.invalid';

/**
 * The path of ours that `return_to` names, or the welcome page where it names anything else.
 *
 * It must stay on our origin however often somebody on the way decodes it: as it is, decoded once,
 * and decoded twice (RFC 9700 section 4.11, open redirectors).
 */
export function toReturnPath(returnTo: unknown): string {
  if (typeof returnTo !== 'string' || returnTo.length > MAX_LENGTH) return DEFAULT_RETURN_PATH;
  if (!/^[\x21-\x7e]+$/.test(returnTo)) return DEFAULT_RETURN_PATH;
  const once = unescape(returnTo);
  const forms = [returnTo, once, unescape(once)];
  return forms.every(isPathOfOurs) ? returnTo : DEFAULT_RETURN_PATH;
}

function isPathOfOurs(path: string): boolean {
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path)) return false;
  const url = URL.parse(path, ANY_ORIGIN);
  // A path that resolves to `//host` would leave the origin when a browser resolves it again.
  if (!url || url.origin !== ANY_ORIGIN || url.pathname.startsWith('//')) return false;
  return !FLOW_PATHS.has(url.pathname);
}
