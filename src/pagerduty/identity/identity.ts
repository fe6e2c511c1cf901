import type { Region } from '../region.js';

/** Who authorized, as the verified ID token says it. A connection is keyed on account and user. */
export interface Identity {
  readonly accountId: string;
  readonly userId: string;
  readonly subdomain: string | undefined;
  readonly region: Region;
}
