import { isIP, isIPv6 } from 'node:net';

/** Whose `X-Forwarded-*` headers count, as Fastify's `trustProxy` takes it. */
export type TrustProxy = string | false | ((address: string, hop: number) => boolean);

const HOPS = /^\d{1,2}$/;
const PREFIX = /^[1-9]\d{0,2}$/;
const NAMED_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * Reads `TRUST_PROXY`: up to 99 hops, or comma-separated addresses, networks (`10.0.0.0/8`) and
 * Fastify's names of ranges; `undefined` where it is none of these.
 */
export function parseTrustProxy(value: string): TrustProxy | undefined {
  const trimmed = value.trim();
  if (HOPS.test(trimmed)) return firstHops(Number(trimmed));
  const proxies = trimmed.split(',').map((proxy) => proxy.trim());
  return proxies.every(isProxy) ? proxies.join(',') : undefined;
}

/** Fastify itself trusts nobody for a number of hops, so it gets a function. */
function firstHops(trusted: number): TrustProxy {
  return trusted > 0 && ((_address, hop) => hop < trusted);
}

function isProxy(text: string): boolean {
  if (NAMED_RANGES.has(text)) return true;
  const [address = '', prefix, ...more] = text.split('/');
  // An address with a zone (`fe80::1%eth0`) names an interface of one machine.
  if (!isIP(address) || address.includes('%') || more.length > 0) return false;
  const bits = isIPv6(address) ? 128 : 32;
  return prefix === undefined || (PREFIX.test(prefix) && Number(prefix) <= bits);
}
