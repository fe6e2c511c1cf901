/** A service region, by the word that stands in the sandbox's REST base URL. */
export const SANDBOX_REGIONS = ['us', 'eu'] as const;

export type SandboxRegion = (typeof SANDBOX_REGIONS)[number];

/** Something that has an id and a name: a team, a schedule, an escalation policy, a service. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** One PagerDuty account; it lives in one region. */
export interface SandboxAccount {
  readonly id: string;
  readonly name: string;
  readonly subdomain: string;
  readonly region: SandboxRegion;
  readonly teams: readonly Named[];
}

export const CHECKOUT = { id: 'PTCHK0T', name: 'Checkout' } as const;
const PLATFORM = { id: 'PTPLT1M', name: 'Platform' } as const;
const WAREHOUSE = { id: 'PTWRH2S', name: 'Warehouse' } as const;
const DELIVERY = { id: 'PTDLV3Y', name: 'Zustellung Süd' } as const;

/** The account that registered the app: a Scoped app works in no other. */
export const LIGHTHOUSE: SandboxAccount = {
  id: 'PLGHT0S',
  name: 'Lighthouse Coffee',
  subdomain: 'lighthouse-coffee',
  region: 'us',
  teams: [CHECKOUT, PLATFORM],
};

export const HARBOR: SandboxAccount = {
  id: 'PHRBR1B',
  name: 'Harbor Books',
  subdomain: 'harbor-books',
  region: 'us',
  teams: [WAREHOUSE],
};

export const ALPENPOST: SandboxAccount = {
  id: 'PALPN2P',
  name: 'Alpenpost',
  subdomain: 'alpenpost',
  region: 'eu',
  teams: [DELIVERY],
};
