import type { Named, SandboxAccount } from './accounts.js';
import type { SandboxPerson } from './people.js';
import type { OnCallShift, SandboxIncident } from './work.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** People and their work, in the shapes of PagerDuty's REST API; times are relative to `nowMs`. */
export class RestShapes {
  constructor(
    private readonly apiUrl: string,
    private readonly sandboxUrl: string,
    private readonly nowMs: number,
  ) {}

  user(person: SandboxPerson) {
    const { id, account, calendarKey } = person;
    const feed = `${siteOf(account).replace('https://', '')}/private/${calendarKey}/feed`;
    return {
      ...this.#reference('user', 'users', { id, name: person.name }, account),
      type: 'user',
      name: person.name,
      email: person.email,
      time_zone: person.timeZone,
      color: person.color,
      role: person.role,
      avatar_url: person.portrait ? `${this.sandboxUrl}/avatars/${id}.svg` : null,
      description: person.description,
      invitation_sent: false,
      job_title: person.jobTitle,
      created_via_sso: person.createdViaSso,
      http_cal_url: `https://${feed}`,
      web_cal_url: `webcal://${feed}`,
      contact_methods: [this.#inboxOf(person)],
      notification_rules: [],
      teams: person.teams.map((team) => this.#reference('team', 'teams', team, account)),
    };
  }

  team(team: Named, account: SandboxAccount) {
    const shape = this.#reference('team', 'teams', team, account);
    return { ...shape, type: 'team', name: team.name, description: null, default_role: 'manager' };
  }

  onCalls(people: readonly SandboxPerson[]) {
    return people.flatMap((person) => person.shifts.map((shift) => this.#onCall(person, shift)));
  }

  /** An open incident is assigned to its person, a resolved one to nobody. */
  incidents(people: readonly SandboxPerson[]) {
    return people.flatMap((person) => person.incidents.map((one) => this.#incident(person, one)));
  }

  #onCall(person: SandboxPerson, { policy, level, schedule, startsInH, endsInH }: OnCallShift) {
    const { account } = person;
    return {
      user: this.#reference('user', 'users', person, account),
      escalation_policy: this.#reference(
        'escalation_policy',
        'escalation_policies',
        policy,
        account,
      ),
      schedule: schedule && this.#reference('schedule', 'schedules', schedule, account),
      escalation_level: level,
      start: schedule && isoTime(this.nowMs + startsInH * HOUR_MS),
      end: schedule && isoTime(this.nowMs + endsInH * HOUR_MS),
    };
  }

  #incident(person: SandboxPerson, incident: SandboxIncident) {
    const { account } = person;
    const { id, number, title, status, urgency, service, policy } = incident;
    const createdAt = isoTime(this.nowMs - incident.openedMinutesAgo * MINUTE_MS);
    const assignee = this.#reference('user', 'users', person, account);
    return {
      ...this.#reference('incident', 'incidents', { id, name: `[#${number}] ${title}` }, account),
      type: 'incident',
      incident_number: number,
      title,
      status,
      urgency,
      created_at: createdAt,
      last_status_change_at: createdAt,
      service: this.#reference('service', 'service-directory', service, account),
      escalation_policy: this.#reference(
        'escalation_policy',
        'escalation_policies',
        policy,
        account,
      ),
      assignments: status === 'resolved' ? [] : [{ at: createdAt, assignee }],
      teams: person.teams
        .slice(0, 1)
        .map((team) => this.#reference('team', 'teams', team, account)),
    };
  }

  #inboxOf({ id, account }: SandboxPerson) {
    const type = 'email_contact_method_reference';
    const self = `${this.apiUrl}/users/${id}/contact_methods/C${id.slice(1)}`;
    return { id: `C${id.slice(1)}`, type, summary: account.name, self, html_url: null };
  }

  #reference(type: string, path: string, { id, name }: Named, account: SandboxAccount) {
    return {
      id,
      type: `${type}_reference`,
      summary: name,
      self: `${this.apiUrl}/${path}/${id}`,
      html_url: `${siteOf(account)}/${path}/${id}`,
    };
  }
}

function siteOf({ subdomain, region }: SandboxAccount): string {
  return `https://${subdomain}${region === 'eu' ? '.eu' : ''}.pagerduty.com`;
}

/** Whole seconds, as PagerDuty writes times. */
function isoTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
