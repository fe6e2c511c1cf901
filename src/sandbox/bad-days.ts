/** What a bad day strikes: one resource, or `api` for the whole REST API. */
export const BAD_DAY_TARGETS = [
  'token',
  'revoke',
  'jwks',
  'users_me',
  'oncalls',
  'incidents',
  'teams',
  'api',
] as const;

export type BadDayTarget = (typeof BAD_DAY_TARGETS)[number];

export type JsonObject = Readonly<Record<string, unknown>>;

/** Instead of the work: nothing is exchanged, rotated, or read. */
export type Obstruction =
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Answers this status with a line of text; `Retry-After` only if given. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterS?: number }
  /** 429 with PagerDuty's headers and body, or `bare`: without any of them. */
  | { readonly kind: 'rate-limited'; readonly resetS?: number; readonly bare?: boolean }
  /** 307, to a path of the sandbox that answers 404 unless `location` is given. */
  | { readonly kind: 'redirect'; readonly location?: string }
  /** 401 `invalid_client`: the day PagerDuty forgets the app's secret. */
  | { readonly kind: 'invalid-client' }
  /** Exactly this answer. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    };

/** After the work: a code is spent, a refresh token rotated, and then the answer comes to harm. */
export type Damage =
  /** The connection breaks, at once or after that many bytes of the body. */
  | { readonly kind: 'lost'; readonly afterBytes?: number }
  /** That many bytes of the body, then silence. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** A body that cannot be right: 16 MiB for `huge`, numbers where text was and so on for `mistyped`. */
  | {
      readonly kind: 'nonsense';
      readonly body: 'html' | 'array' | 'truncated' | 'huge' | 'mistyped' | 'empty';
    }
  /** The honest JSON body, changed. */
  | { readonly kind: 'tamper'; readonly json: (body: JsonObject) => unknown };

/** One kind of trouble, for the next `times` requests; for ever where that is not given. */
export type BadDay = { readonly times?: number } & (
  { readonly kind: 'slow'; readonly ms: number } | Obstruction | Damage
);

/** A bad day that is on. */
export interface PlannedDay {
  readonly target: BadDayTarget;
  readonly day: BadDay;
  readonly timesLeft: number;
}

/** Which bad days are on. Each target has a queue: a day that has had its `times` makes way for the next. */
export class BadDays {
  readonly #queues = new Map<BadDayTarget, { readonly day: BadDay; timesLeft: number }[]>();

  /** Replaces what was planned for the target, one day after the other. */
  set(target: BadDayTarget, ...days: readonly BadDay[]): void {
    this.#queues.set(
      target,
      days.map((day) => ({ day, timesLeft: day.times ?? Infinity })),
    );
  }

  /** Back to good days, for one target or for all. */
  clear(target?: BadDayTarget): void {
    if (target) this.#queues.delete(target);
    else this.#queues.clear();
  }

  planned(): readonly PlannedDay[] {
    return [...this.#queues].flatMap(([target, queue]) =>
      queue.map(({ day, timesLeft }) => ({ target, day, timesLeft })),
    );
  }

  /** The day for one request, used up by one; the first target that has one decides. */
  take(targets: readonly BadDayTarget[]): BadDay | undefined {
    for (const target of targets) {
      const queue = this.#queues.get(target);
      const next = queue?.[0];
      if (!queue || !next) continue;
      next.timesLeft -= 1;
      if (next.timesLeft <= 0) queue.shift();
      return next.day;
    }
    return undefined;
  }
}
