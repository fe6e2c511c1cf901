import { hash, randomBytes } from 'node:crypto';
import { Secret } from '../common/secret.js';

const TOKEN = /^[\w-]{43}$/;

/** A fresh session token: 256 random bits in base64url. */
export function makeSessionToken(): Secret {
  return new Secret(randomBytes(32).toString('base64url'));
}

/** Whether a cookie's text can be a session token at all. */
export function isSessionToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What is stored of a token; for 256 random bits a plain SHA-256 cannot be turned back. */
export function hashSessionToken(token: Secret): string {
  return hash('sha256', token.reveal(), 'base64url');
}
