import type { Identity } from '../pagerduty/identity/identity.js';
import type { TokenSet } from '../pagerduty/identity/token-set.js';
import type { Profile } from '../pagerduty/rest/profile.js';
import type { Region } from '../pagerduty/region.js';
import type { GrantCalendar } from './grant-calendar.js';

/** Whether a connection works, or the person has to connect again. */
export const CONNECTION_STATUSES = ['active', 'reconnect_required'] as const;

export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number];

/** One person's grant to this app, for one owner; its tokens stay in the vault. */
export interface Connection extends GrantCalendar {
  /** `con_` and 128 random bits. */
  readonly id: string;
  /** The host application's own user id; empty for a person who signed in here. */
  readonly owner: string;
  readonly status: ConnectionStatus;
  readonly statusReason: string | undefined;
  readonly accountId: string;
  readonly userId: string;
  readonly subdomain: string | undefined;
  readonly region: Region;
  /** As it was when the person connected. */
  readonly profile: Profile;
  /** The granted scopes. */
  readonly scope: readonly string[];
  /** When the current tokens came: at the sign-in, or at the last refresh. */
  readonly tokensIssuedAtMs: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Grows with each write of the row. */
  readonly version: number;
}

/** What a finished sign-in brings: the makings of a connection. */
export interface NewGrant {
  /** As {@link Connection.owner}. */
  readonly owner: string;
  readonly identity: Identity;
  readonly profile: Profile;
  readonly tokenSet: TokenSet;
  /** The granted scopes. */
  readonly scope: readonly string[];
}
