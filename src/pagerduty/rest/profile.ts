/** A team as a reference inside a profile. */
export interface TeamReference {
  readonly id: string;
  readonly name: string;
  readonly htmlUrl: string | undefined;
}

/** The person, as `GET /users/me` tells it, less the calendar-feed URLs: those are bearer credentials. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** An open list: admin, limited_user, observer, owner, … */
  readonly role: string | undefined;
  readonly jobTitle: string | undefined;
  /** An IANA name or one of PagerDuty's own; not checked here. */
  readonly timeZone: string | undefined;
  readonly avatarUrl: string | undefined;
  readonly htmlUrl: string | undefined;
  readonly teams: readonly TeamReference[];
}
