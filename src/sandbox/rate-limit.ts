const WINDOW_MS = 60_000;

/** Where one person stands within the current minute. */
export interface RateStanding {
  readonly allowed: boolean;
  /** PagerDuty's header names; `ratelimit-reset` in whole seconds. */
  readonly headers: Readonly<Record<string, string>>;
}

/** PagerDuty's limit for user tokens: 960 requests a minute for each person, in fixed windows. */
export class RateLimit {
  readonly #windows = new Map<string, { readonly endsAtMs: number; used: number }>();

  constructor(
    private readonly now: () => number,
    private readonly limit = 960,
  ) {}

  /** Counts one request. */
  take(personId: string): RateStanding {
    let window = this.#windows.get(personId);
    if (!window || window.endsAtMs <= this.now()) {
      window = { endsAtMs: this.now() + WINDOW_MS, used: 0 };
      this.#windows.set(personId, window);
    }
    window.used += 1;
    const remaining = Math.max(0, this.limit - window.used);
    const resetS = Math.ceil((window.endsAtMs - this.now()) / 1000);
    return {
      allowed: window.used <= this.limit,
      headers: sayStanding(this.limit, remaining, resetS),
    };
  }

  clear(): void {
    this.#windows.clear();
  }
}

/** The three headers. */
export function sayStanding(
  limit: number,
  remaining: number,
  resetS: number,
): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetS),
  };
}
