import type { ConnectionStatus } from '../connections/connection.js';
import type { Profile } from '../pagerduty/rest/profile.js';
import type { Region } from '../pagerduty/region.js';
import { initialsOf } from './initials.js';
import { presentScope, REGION_WORDS, roleInWords } from './pagerduty-words.js';
import { ianaTimeZone, presentLocalTime, presentTime, type Viewpoint } from './present-time.js';
import { whyReconnect } from './reconnect-words.js';
import { safeHref } from './safe-href.js';
import type {
  PageFrame,
  ShownCalendar,
  ShownConnection,
  TextLink,
  WelcomePage,
} from './view-models.js';

/** What the welcome page needs to know of a connection. */
export interface ConnectionFacts {
  readonly subdomain?: string | undefined;
  readonly accountId: string;
  readonly region: Region;
  readonly scope: readonly string[];
  readonly status: ConnectionStatus;
  readonly statusReason?: string | undefined;
  readonly connectedAtMs: number;
  /** When the current tokens came. */
  readonly tokensIssuedAtMs: number;
  readonly accessTokenExpiresAtMs: number;
  /** The connection ends here if it is not refreshed before. */
  readonly refreshDeadlineMs: number;
  /** The connection ends here whatever happens. */
  readonly grantEndsAtMs: number;
}

/** Who is welcomed, and when. */
export interface WelcomeFacts {
  readonly profile: Profile;
  readonly connection: ConnectionFacts;
  readonly nowMs: number;
  /** Where a connection starts. */
  readonly connectHref?: string;
  /** This browser was signed in to another connection before. */
  readonly accountSwitched?: boolean;
}

/** The account's name for people: its subdomain, or its id where PagerDuty told no subdomain. */
export function accountName({
  subdomain,
  accountId,
}: Pick<ConnectionFacts, 'subdomain' | 'accountId'>): string {
  return subdomain || accountId;
}

/** The model of `welcome.eta`; times are in the person's zone, or in UTC where that is not known. */
export function presentWelcome(frame: PageFrame, facts: WelcomeFacts): WelcomePage {
  const { profile, connection, nowMs } = facts;
  const knownZone = ianaTimeZone(profile.timeZone);
  const viewpoint = { nowMs, timeZone: knownZone ?? 'UTC' };
  const name = profile.name.trim() || profile.email;
  return {
    ...frame,
    name,
    initials: initialsOf(name),
    avatarSrc: safeHref(profile.avatarUrl),
    email: profile.email,
    role: profile.role && roleInWords(profile.role),
    jobTitle: profile.jobTitle,
    timeZone: profile.timeZone,
    localTime: knownZone && presentLocalTime(viewpoint),
    teams: profile.teams.map((team) => ({ text: team.name, href: safeHref(team.htmlUrl) })),
    connection: presentConnection(connection, accountLink(profile, connection), viewpoint),
    reconnect:
      connection.status === 'reconnect_required'
        ? { why: whyReconnect(connection.statusReason), href: facts.connectHref ?? '/auth' }
        : undefined,
    accountSwitched: facts.accountSwitched ?? false,
  };
}

function presentConnection(
  connection: ConnectionFacts,
  account: TextLink,
  viewpoint: Viewpoint,
): ShownConnection {
  return {
    account,
    region: REGION_WORDS[connection.region],
    scopes: connection.scope.map(presentScope),
    connectedAt: presentTime(connection.connectedAtMs, viewpoint),
    lastRefreshedAt:
      connection.tokensIssuedAtMs > connection.connectedAtMs
        ? presentTime(connection.tokensIssuedAtMs, viewpoint)
        : undefined,
    calendar: connection.status === 'active' ? presentCalendar(connection, viewpoint) : undefined,
    timeZone: viewpoint.timeZone,
  };
}

function presentCalendar(connection: ConnectionFacts, viewpoint: Viewpoint): ShownCalendar {
  return {
    accessTokenExpiresAt: presentTime(connection.accessTokenExpiresAtMs, viewpoint),
    hasAccessTokenEnded: connection.accessTokenExpiresAtMs <= viewpoint.nowMs,
    refreshDeadline: presentTime(connection.refreshDeadlineMs, viewpoint),
    grantEndsAt: presentTime(connection.grantEndsAtMs, viewpoint),
  };
}

/** The profile lives at its account's own host; a guess from the subdomain would lead out of the sandbox. */
function accountLink(profile: Profile, connection: ConnectionFacts): TextLink {
  const profileHref = safeHref(profile.htmlUrl);
  return {
    text: accountName(connection),
    href: profileHref && new URL('/', profileHref).href,
  };
}
