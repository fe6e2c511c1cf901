import type { Secret } from '../../common/secret.js';

/** What the token endpoint gave for an authorization code or a refresh token (RFC 6749 section 5.1). */
export interface TokenSet {
  readonly accessToken: Secret;
  /** Absent where a refresh answer carries none: the old one stays in force (RFC 6749 section 6). */
  readonly refreshToken: Secret | undefined;
  readonly idToken: Secret | undefined;
  /** The granted scopes; absent where the answer is silent, which means: as asked. */
  readonly scope: readonly string[] | undefined;
  /** The access token's life in seconds, counted from the answer. */
  readonly expiresInS: number;
}
