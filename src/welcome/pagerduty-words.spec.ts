import { presentScope, roleInWords } from './pagerduty-words.js';

describe('roleInWords', () => {
  it.each([
    ['owner', 'Account owner'],
    ['admin', 'Global admin'],
    ['user', 'Manager'],
    ['limited_user', 'Responder'],
    ['observer', 'Observer'],
    ['restricted_access', 'Restricted access'],
    ['read_only_user', 'Full stakeholder'],
    ['read_only_limited_user', 'Limited stakeholder'],
    ['night_watch_lead', 'night watch lead'],
    ['constructor', 'constructor'],
  ])('says %s as "%s"', (role, words) => {
    expect(roleInWords(role)).toBe(words);
  });
});

describe('presentScope', () => {
  it.each([
    ['openid', 'know who you are'],
    ['read', 'read your PagerDuty data'],
    ['write', 'read and change your PagerDuty data'],
    ['users.read', 'read people'],
    ['oncalls.read', 'read who is on call'],
    ['incidents.write', 'change incidents'],
    ['escalation_policies.read', 'read escalation policies'],
  ])('says what %s allows', (raw, words) => {
    expect(presentScope(raw)).toEqual({ raw, words });
  });

  it.each([
    '',
    'users',
    'users.delete',
    'users.read.all',
    'users:contact_methods.read',
    '__proto__',
  ])('gives %j as it is, with no words of its own', (raw) => {
    expect(presentScope(raw)).toEqual({ raw, words: undefined });
  });
});
