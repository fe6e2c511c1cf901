import { Injectable } from '@nestjs/common';

/** The time, as a provider: tests move it, nothing sleeps. */
export abstract class Clock {
  /** Milliseconds since the Unix epoch. */
  abstract now(): number;
}

/** The machine's own time. */
@Injectable()
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}
