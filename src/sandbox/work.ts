import type { Named } from './accounts.js';

/** One line of an on-call rota, in hours from now; a schedule of null means: always on call. */
export interface OnCallShift {
  readonly policy: Named;
  readonly level: number;
  readonly schedule: Named | null;
  readonly startsInH: number;
  readonly endsInH: number;
}

/** An incident, by how long ago it was opened. */
export interface SandboxIncident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly urgency: 'high' | 'low';
  readonly service: Named;
  readonly policy: Named;
  readonly openedMinutesAgo: number;
}

interface Work {
  readonly shifts: readonly OnCallShift[];
  readonly incidents: readonly SandboxIncident[];
}

const TILLS = { id: 'PSTLL0S', name: 'Tills' } as const;
const LEDGER = { id: 'PSLDG1R', name: 'Loyalty ledger' } as const;
const PARCELS = { id: 'PSPRC2L', name: 'Paketverfolgung' } as const;
const CHECKOUT_POLICY = { id: 'PECHK0T', name: 'Checkout: first line' } as const;
const PLATFORM_POLICY = { id: 'PEPLT1M', name: 'Platform: last resort' } as const;
const DELIVERY_POLICY = { id: 'PEDLV2Y', name: 'Zustellung: Bereitschaft' } as const;
const CHECKOUT_ROTA = { id: 'PRCHK0T', name: 'Checkout primary' } as const;
const DELIVERY_ROTA = { id: 'PRDLV1Y', name: 'Nachtdienst' } as const;

/** On call now by rota, always on call by policy, on call again tomorrow; two incidents open, one closed. */
export const AT_LIGHTHOUSE: Work = {
  shifts: [
    { policy: CHECKOUT_POLICY, level: 1, schedule: CHECKOUT_ROTA, startsInH: -7, endsInH: 5 },
    { policy: PLATFORM_POLICY, level: 2, schedule: null, startsInH: 0, endsInH: 0 },
    { policy: CHECKOUT_POLICY, level: 1, schedule: CHECKOUT_ROTA, startsInH: 29, endsInH: 41 },
  ],
  incidents: [
    {
      id: 'Q0TLLSD0WN0001',
      number: 4217,
      title: 'Card payments time out in the Pier 4 shop',
      status: 'triggered',
      urgency: 'high',
      service: TILLS,
      policy: CHECKOUT_POLICY,
      openedMinutesAgo: 6,
    },
    {
      id: 'Q0LDGRLAG00002',
      number: 4211,
      title: 'Loyalty points arrive late',
      status: 'acknowledged',
      urgency: 'low',
      service: LEDGER,
      policy: PLATFORM_POLICY,
      openedMinutesAgo: 190,
    },
    {
      id: 'Q0TLLSCRT00003',
      number: 4198,
      title: 'Certificate of the receipt printer gateway ran out',
      status: 'resolved',
      urgency: 'high',
      service: TILLS,
      policy: CHECKOUT_POLICY,
      openedMinutesAgo: 2900,
    },
  ],
};

/** On call now, one incident open. */
export const AT_ALPENPOST: Work = {
  shifts: [
    { policy: DELIVERY_POLICY, level: 1, schedule: DELIVERY_ROTA, startsInH: -2, endsInH: 8 },
  ],
  incidents: [
    {
      id: 'Q0PRCLSTK00004',
      number: 88,
      title: 'Sendungen in Graz ohne Status',
      status: 'acknowledged',
      urgency: 'high',
      service: PARCELS,
      policy: DELIVERY_POLICY,
      openedMinutesAgo: 42,
    },
  ],
};
