import type { FastifyHelmetOptions } from '@fastify/helmet';

const YEAR_S = 31_536_000;

/**
 * The headers of every answer (ASVS 5.0 chapter 3.4): nothing inline, no frames, no referrer.
 * @param https whether browsers come by https, and shall keep to it
 * @param imageOrigins where images may come from beside our own origin
 */
export function securityHeaders(
  https: boolean,
  imageOrigins: readonly string[] = [],
): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", ...imageOrigins],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    hsts: https && { maxAge: YEAR_S, includeSubDomains: false },
  };
}
