import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ReplicaPresence } from './replica-presence.js';

/** A SQLite file serves one process: whoever else is named in it has ended. */
@Injectable()
export class SqlitePresence extends ReplicaPresence {
  readonly id = randomUUID();

  async isGone(id: string): Promise<boolean> {
    return id !== this.id;
  }
}
