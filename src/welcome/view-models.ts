import type { ErrorCode } from '../common/app-error.js';

/** What every page shows around its own content. */
export interface PageFrame {
  readonly appName: string;
  /** The control page of the sandbox PagerDuty; absent where the app runs against the real one. */
  readonly sandboxUrl?: string | undefined;
}

/** Text that leads somewhere where there is a URL that may be followed, and is plain text where not. */
export interface TextLink {
  readonly text: string;
  readonly href: string | undefined;
}

/** A moment, ready to be read: how far away it is, with the date and time in reach. */
export interface ShownTime {
  /** For `<time datetime>`: RFC 3339 in UTC. */
  readonly iso: string;
  readonly relative: string;
  /** Such as "21 November 2029". */
  readonly date: string;
  readonly absolute: string;
  /** The absolute time in full, naming the zone. */
  readonly full: string;
}

/** A short message about what was just done. */
export interface Notice {
  readonly tone: 'good' | 'warning';
  readonly title: string;
  readonly text: string;
}

/** `landing.eta` */
export interface LandingPage extends PageFrame {
  readonly connectHref: string;
  /** The name of the person this browser is signed in as. */
  readonly signedInAs: string | undefined;
  readonly notice: Notice | undefined;
}

/** A granted scope: PagerDuty's own word, and what it means where that is known. */
export interface ShownScope {
  readonly raw: string;
  readonly words: string | undefined;
}

/** The grant behind the session, as the welcome page tells it. */
export interface ShownConnection {
  readonly account: TextLink;
  readonly region: string;
  readonly scopes: readonly ShownScope[];
  readonly connectedAt: ShownTime;
  /** Absent where the tokens are still those of the sign-in. */
  readonly lastRefreshedAt: ShownTime | undefined;
  /** Absent where the person is needed first. */
  readonly calendar: ShownCalendar | undefined;
  /** The zone that the times are shown in. */
  readonly timeZone: string;
}

/** What becomes of a working connection, and when. */
export interface ShownCalendar {
  readonly accessTokenExpiresAt: ShownTime;
  readonly hasAccessTokenEnded: boolean;
  readonly refreshDeadline: ShownTime;
  readonly grantEndsAt: ShownTime;
}

/** Why a connection needs its person again, and where to go. */
export interface Reconnect {
  readonly why: string;
  readonly href: string;
}

/** `welcome.eta`: what PagerDuty does not tell is `undefined` and has no row. */
export interface WelcomePage extends PageFrame {
  readonly name: string;
  readonly initials: string;
  readonly avatarSrc: string | undefined;
  readonly email: string;
  readonly role: string | undefined;
  readonly jobTitle: string | undefined;
  readonly timeZone: string | undefined;
  /** Weekday and time in the person's zone; absent where the zone's name is not an IANA one. */
  readonly localTime: string | undefined;
  readonly teams: readonly TextLink[];
  readonly connection: ShownConnection;
  /** Absent where the connection works. */
  readonly reconnect: Reconnect | undefined;
  /** This browser was signed in to another connection before. */
  readonly accountSwitched: boolean;
}

/** `disconnect.eta`: asks before the tokens are forgotten. */
export interface DisconnectPage extends PageFrame {
  readonly account: string;
}

/** A piece of an error's sentence: its words in backticks are code. */
export interface DetailPart {
  readonly text: string;
  readonly isCode: boolean;
}

/** `error.eta` */
export interface ErrorPage extends PageFrame {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  /** What happened, from the error itself. */
  readonly detail: readonly DetailPart[];
  /** What it means and what to do. */
  readonly advice: string;
  readonly requestId: string;
  /** A path of ours that starts the same flow again; absent where that would not help. */
  readonly tryAgainHref: string | undefined;
}

/** Each template by name, with the model it takes. */
export interface PageModels {
  readonly landing: LandingPage;
  readonly welcome: WelcomePage;
  readonly disconnect: DisconnectPage;
  readonly error: ErrorPage;
}
