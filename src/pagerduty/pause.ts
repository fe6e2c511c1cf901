import { Injectable } from '@nestjs/common';
import { setTimeout as passTime } from 'node:timers/promises';

/** Waiting, as a provider: tests move their clock instead of sleeping. */
export abstract class Pause {
  abstract forMs(durationMs: number): Promise<void>;
}

/** Waits for real. */
@Injectable()
export class TimerPause extends Pause {
  async forMs(durationMs: number): Promise<void> {
    await passTime(durationMs);
  }
}
