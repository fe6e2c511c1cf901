import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isStateOf } from './flow.js';
import { FlowCookies } from './flow-cookies.js';
import type { SignInAttempt } from './sign-in-attempt.js';

type Stored = (error: Error | null, state?: string) => void;
type Loaded = (error: Error | null, codeVerifier: string | false, info?: unknown) => void;

/**
 * passport-oauth2's state store over {@link FlowCookies}. The library picks the PKCE signatures by
 * the number of parameters: five for `store`, four for `verify`.
 */
@Injectable()
export class FlowStateStore {
  constructor(private readonly flows: FlowCookies) {}

  store(
    { request, reply, returnPath }: SignInAttempt,
    codeVerifier: string,
    _state: unknown,
    _meta: unknown,
    stored: Stored,
  ): void {
    const state = randomBytes(32).toString('base64url');
    this.flows.begin(request, reply, { state, codeVerifier, returnPath });
    stored(null, state);
  }

  verify({ flow }: SignInAttempt, state: string, _meta: unknown, loaded: Loaded): void {
    const matches = flow !== undefined && isStateOf(flow, state);
    loaded(null, matches ? flow.codeVerifier : false);
  }
}
