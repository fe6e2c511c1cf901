import type { Region } from '../pagerduty/region.js';
import type { ShownScope } from './view-models.js';

/** The regions as PagerDuty's own pages call them. */
export const REGION_WORDS = {
  us: 'United States',
  eu: 'Europe',
} as const satisfies Record<Region, string>;

/** PagerDuty's REST words for roles, and what its web pages call them. Maps, since the keys come from outside. */
const ROLE_WORDS: ReadonlyMap<string, string> = new Map([
  ['owner', 'Account owner'],
  ['admin', 'Global admin'],
  ['user', 'Manager'],
  ['limited_user', 'Responder'],
  ['observer', 'Observer'],
  ['restricted_access', 'Restricted access'],
  ['read_only_user', 'Full stakeholder'],
  ['read_only_limited_user', 'Limited stakeholder'],
]);

const WHOLE_SCOPES: ReadonlyMap<string, string> = new Map([
  ['openid', 'know who you are'],
  ['read', 'read your PagerDuty data'],
  ['write', 'read and change your PagerDuty data'],
]);

const VERBS: ReadonlyMap<string, string> = new Map([
  ['read', 'read'],
  ['write', 'change'],
]);

const RESOURCES: ReadonlyMap<string, string> = new Map([
  ['users', 'people'],
  ['teams', 'teams'],
  ['incidents', 'incidents'],
  ['oncalls', 'who is on call'],
  ['schedules', 'schedules'],
  ['services', 'services'],
  ['escalation_policies', 'escalation policies'],
]);

/** The role in words; one that is not known here stands as it is, with spaces. */
export function roleInWords(role: string): string {
  return ROLE_WORDS.get(role) ?? role.replaceAll('_', ' ');
}

/** A scope with what it allows: Classic ones by name, Scoped ones (`users.read`) by their two parts. */
export function presentScope(raw: string): ShownScope {
  return { raw, words: WHOLE_SCOPES.get(raw) ?? scopedInWords(raw) };
}

function scopedInWords(raw: string): string | undefined {
  const [resource = '', verb = '', ...rest] = raw.split('.');
  const verbWords = VERBS.get(verb);
  const resourceWords = RESOURCES.get(resource);
  if (rest.length > 0 || !verbWords || !resourceWords) return undefined;
  return `${verbWords} ${resourceWords}`;
}
