import { ALPENPOST, CHECKOUT, HARBOR, LIGHTHOUSE } from './accounts.js';
import type { Named, SandboxAccount } from './accounts.js';
import type { Portrait } from './portrait.js';
import { AT_ALPENPOST, AT_LIGHTHOUSE, type OnCallShift, type SandboxIncident } from './work.js';

/** Someone who can authorize the app, and what the REST API tells about them. */
export interface SandboxPerson {
  readonly id: string;
  /** The ID token's `sub`: an e-mail for some, a user id for others, so that nothing keys on it. */
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly jobTitle: string | null;
  readonly timeZone: string | null;
  readonly color: string | null;
  readonly description: string | null;
  /** PagerDuty says it as a boolean or as a string. */
  readonly createdViaSso: boolean | string;
  readonly account: SandboxAccount;
  readonly teams: readonly Named[];
  readonly portrait: Portrait | undefined;
  /** The secret part of the calendar-feed URLs: whoever finds it anywhere has found a leak. */
  readonly calendarKey: string;
  readonly shifts: readonly OnCallShift[];
  readonly incidents: readonly SandboxIncident[];
  /** Why this person is here, as the sandbox's pages say it. */
  readonly about: string;
}

const ROBIN: SandboxPerson = {
  id: 'PRB1N0K',
  sub: 'robin.okafor@lighthouse-coffee.example',
  name: 'Robin Okafor',
  email: 'robin.okafor@lighthouse-coffee.example',
  role: 'limited_user',
  jobTitle: 'Site Reliability Engineer',
  timeZone: 'America/New_York',
  color: 'teal',
  description: 'Keeps the tills ringing.',
  createdViaSso: true,
  account: LIGHTHOUSE,
  teams: LIGHTHOUSE.teams,
  portrait: {
    background: '#bfe3d5',
    skin: '#8d5a3b',
    hair: '#2b1d16',
    shirt: '#1f6f5c',
    cut: 'short',
  },
  calendarKey: 'calendar-key-of-robin-5d1f0c9a7be24',
  ...AT_LIGHTHOUSE,
  about: 'US responder, on call now, with open incidents and two teams',
};

const ADA: SandboxPerson = {
  id: 'PADA2LQ',
  sub: 'PADA2LQ',
  name: 'Ada Lindqvist',
  email: 'ada@harbor-books.example',
  role: 'admin',
  jobTitle: 'Head of Operations',
  timeZone: 'America/Los_Angeles',
  color: 'purple',
  description: null,
  createdViaSso: false,
  account: HARBOR,
  teams: HARBOR.teams,
  portrait: {
    background: '#f6d9c4',
    skin: '#f0c3a0',
    hair: '#c98b2f',
    shirt: '#6b4fa0',
    cut: 'bun',
  },
  calendarKey: 'calendar-key-of-ada-90b3e17c44d2f',
  shifts: [],
  incidents: [],
  about: 'US admin in another account; the ID token’s sub is a user id',
};

const MATTEO: SandboxPerson = {
  id: 'PMTT3BR',
  sub: 'matteo.brunner@alpenpost.example',
  name: 'Matteo Brunner',
  email: 'matteo.brunner@alpenpost.example',
  role: 'user',
  jobTitle: 'Leiter Zustellsysteme',
  timeZone: 'Europe/Vienna',
  color: 'dark-orange',
  description: null,
  createdViaSso: 'true',
  account: ALPENPOST,
  teams: ALPENPOST.teams,
  portrait: {
    background: '#cfdcf3',
    skin: '#e3ad84',
    hair: '#4a3222',
    shirt: '#b4472e',
    cut: 'long',
  },
  calendarKey: 'calendar-key-of-matteo-c2a86f5019e7b',
  ...AT_ALPENPOST,
  about: 'EU user: the US API refuses their token',
};

const ZOE: SandboxPerson = {
  id: 'PZ0E4XS',
  sub: 'zoe+oncall@lighthouse-coffee.example',
  name: '<img src=x onerror=alert(1)> "Zoë" O\'Neill & 🦊 \u202Eنور',
  email: 'zoe+oncall@lighthouse-coffee.example',
  role: 'observer',
  jobTitle: '</p><script>alert(2)</script>',
  timeZone: 'Pacific/Auckland',
  color: 'red',
  description: '{{7*7}} <%= 7*7 %> ${7*7}',
  createdViaSso: 'false',
  account: LIGHTHOUSE,
  teams: [CHECKOUT],
  portrait: undefined,
  calendarKey: 'calendar-key-of-zoe-1e7d4bb8a3f60',
  shifts: [],
  incidents: [],
  about: 'US observer, no avatar, a name full of markup, quotes, emoji and right-to-left text',
};

const KIM: SandboxPerson = {
  id: 'PK1M5NL',
  sub: 'PK1M5NL',
  name: 'Kim',
  email: 'kim@lighthouse-coffee.example',
  role: 'restricted_access',
  jobTitle: null,
  timeZone: null,
  color: null,
  description: null,
  createdViaSso: false,
  account: LIGHTHOUSE,
  teams: [],
  portrait: undefined,
  calendarKey: 'calendar-key-of-kim-78f2c05be1d93',
  shifts: [],
  incidents: [],
  about: 'US user with null wherever PagerDuty may say null, and no team',
};

/** Everyone who lives in the sandbox; all of them made up. */
export const PEOPLE: readonly SandboxPerson[] = [ROBIN, ADA, MATTEO, ZOE, KIM];
