import { registerAs, type ConfigType } from '@nestjs/config';
import { z } from 'zod';
import { isLoopbackHost } from './loopback.js';
import { parseEnv } from './parse-env.js';
import { parseTrustProxy } from './trust-proxy.js';

const CALLBACK_PATH = '/callback';
const PORT_WORDS = 'must be a port number, 0 to 65535';
const TRUST_PROXY_WORDS =
  'must be a number of proxies up to 99, or their addresses or networks, comma separated';
const URI_WORDS = `must be an absolute URL whose path is ${CALLBACK_PATH}, such as https://connect.example.com${CALLBACK_PATH}`;

const redirectUri = z
  .string()
  .refine(isCallbackUrl, URI_WORDS)
  .refine(
    (uri) => !isCallbackUrl(uri) || isHttpsOrLoopback(new URL(uri)),
    'must use https, unless its host is loopback: PagerDuty sends the authorization code there',
  );

const schema = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z.coerce
    .number(PORT_WORDS)
    .int(PORT_WORDS)
    .min(0, PORT_WORDS)
    .max(65_535, PORT_WORDS)
    .default(5000),
  HOST: z.string().optional(),
  REDIRECT_URI: redirectUri.default(`http://localhost:5000${CALLBACK_PATH}`),
  TRUST_PROXY: z
    .string()
    .transform((value, context) => {
      const trusted = parseTrustProxy(value);
      if (trusted !== undefined) return trusted;
      context.addIssue(TRUST_PROXY_WORDS);
      return z.NEVER;
    })
    .default(false),
});

/** Where the program listens, and under which origin browsers know it. */
export const httpConfig = registerAs('http', () => {
  const env = parseEnv(schema);
  const production = env.NODE_ENV === 'production';
  const { origin, protocol } = new URL(env.REDIRECT_URI);
  return {
    production,
    port: env.PORT,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    /** Exactly as registered at PagerDuty, and never taken from a request. */
    redirectUri: env.REDIRECT_URI,
    publicOrigin: origin,
    /** Whether browsers come by https: cookies are then `Secure` with the `__Host-` prefix. */
    secureCookies: protocol === 'https:',
    trustProxy: env.TRUST_PROXY,
  };
});

export type HttpConfig = ConfigType<typeof httpConfig>;

function isCallbackUrl(uri: string): boolean {
  const url = URL.parse(uri);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.pathname === CALLBACK_PATH && uri === `${url.origin}${CALLBACK_PATH}`;
}

function isHttpsOrLoopback(url: URL): boolean {
  return url.protocol === 'https:' || isLoopbackHost(url.hostname);
}
