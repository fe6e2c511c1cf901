import type { GrantLife } from './grants.js';
import type { AppKind } from './scopes.js';

const DAY_S = 86_400;
const DAY_MS = DAY_S * 1000;

/** The two issuers that PagerDuty is known by: the one in real tokens, and the one in its documentation. */
export const SANDBOX_ISSUERS = {
  app: 'https://app.pagerduty.com/global/oauth/anonymous',
  identity: 'https://identity.pagerduty.com/global/oauth/anonymous',
} as const;

/** How a sandbox differs from the usual one. */
export interface SandboxOptions {
  /** The loopback port; 0, the default, takes any free one. */
  readonly port?: number;
  /** Default `sandbox-client`. */
  readonly clientId?: string;
  /** Each of them is accepted; {@link Sandbox.settings} names the first. */
  readonly clientSecrets?: readonly string[];
  /** Compared letter for letter; default `http://localhost:5000/callback`. */
  readonly redirectUris?: readonly string[];
  /** Which scope words it knows; default `classic`. */
  readonly appKind?: AppKind;
  /** Epoch milliseconds; default `Date.now`. All of the sandbox's time comes from here. */
  readonly now?: () => number;
  /** Default 864000 for a Classic app, 86400 for a Scoped one. */
  readonly accessTokenLifeS?: number;
  /** How long a spent refresh token gets its successor's answer again; default 0: reuse ends the grant. */
  readonly refreshReuseGraceMs?: number;
  /** The ID token's `iss`; default {@link SANDBOX_ISSUERS}.app. */
  readonly issuer?: string;
}

/** The options with every default filled in. */
export interface SandboxSettings {
  readonly port: number;
  readonly clientId: string;
  readonly clientSecrets: readonly [string, ...string[]];
  readonly redirectUris: readonly string[];
  readonly appKind: AppKind;
  readonly now: () => number;
  readonly life: GrantLife;
  readonly issuer: string;
}

const LIVES = {
  classic: { accessS: 10 * DAY_S, refreshIdleMs: 210 * DAY_MS, grantMs: 3 * 365 * DAY_MS },
  scoped: { accessS: DAY_S, refreshIdleMs: 30 * DAY_MS, grantMs: 365 * DAY_MS },
} as const;

export function fillIn(options: SandboxOptions): SandboxSettings {
  const { appKind = 'classic', clientSecrets = [] } = options;
  const [secret = 'sandbox-secret-that-opens-nothing-but-the-sandbox', ...others] = clientSecrets;
  const life = LIVES[appKind];
  return {
    port: options.port ?? 0,
    clientId: options.clientId ?? 'sandbox-client',
    clientSecrets: [secret, ...others],
    redirectUris: options.redirectUris ?? ['http://localhost:5000/callback'],
    appKind,
    now: options.now ?? Date.now,
    life: {
      ...life,
      accessS: options.accessTokenLifeS ?? life.accessS,
      reuseGraceMs: options.refreshReuseGraceMs ?? 0,
    },
    issuer: options.issuer ?? SANDBOX_ISSUERS.app,
  };
}
