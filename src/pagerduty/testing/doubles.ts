import { Clock } from '../../common/clock.js';
import { Secret } from '../../common/secret.js';
import { HttpTransport, type TransportAnswer, type TransportRequest } from '../http-transport.js';
import type { PagerDutyConfig } from '../pagerduty.config.js';
import { Pause } from '../pause.js';

/** A time that stands still until it is moved. */
export class StillClock extends Clock {
  nowMs = Date.UTC(2026, 0, 15, 12);

  now(): number {
    return this.nowMs;
  }
}

/** Waits in no time: it moves the clock instead, and remembers. */
export class ClockMovingPause extends Pause {
  pausesMs: number[] = [];

  constructor(private readonly clock: StillClock) {
    super();
  }

  async forMs(durationMs: number): Promise<void> {
    this.pausesMs.push(durationMs);
    this.clock.nowMs += durationMs;
  }
}

/** The real transport, which remembers each deadline; a test of silence shortens its patience. */
export class WatchedTransport extends HttpTransport {
  deadlinesMs: number[] = [];
  patienceMs = Number.POSITIVE_INFINITY;

  override async request(url: string, options: TransportRequest): Promise<TransportAnswer> {
    this.deadlinesMs.push(options.deadlineMs);
    const deadlineMs = Math.min(this.patienceMs, options.deadlineMs);
    return super.request(url, { ...options, deadlineMs });
  }
}

/** Settings with everything at one loopback server. */
export function configAt(url: string, changes: Partial<PagerDutyConfig> = {}): PagerDutyConfig {
  return {
    clientId: 'client-1',
    clientSecrets: [new Secret('secret-1')],
    identityUrl: url,
    apiUrls: { us: `${url}/us`, eu: `${url}/eu` },
    defaultRegion: 'us',
    issuers: ['https://issuer.test/one', 'https://issuer.test/two'],
    ...changes,
  };
}
