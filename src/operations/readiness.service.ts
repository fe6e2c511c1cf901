import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { AppError } from '../common/app-error.js';
import { Database } from '../database/database.js';
import { ClientCredentials } from '../pagerduty/identity/client-credentials.js';

/** One part of the program: whether it can serve, and why not. */
export interface PartReadiness {
  readonly ready: boolean;
  readonly reason: string;
}

/** Whether this process can serve, part by part. */
export interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<Record<'database' | 'client_credentials', PartReadiness>>;
}

/** Looks at what the program cannot do without. */
@Injectable()
export class ReadinessService {
  constructor(
    private readonly database: Database,
    private readonly credentials: ClientCredentials,
  ) {}

  async check(): Promise<Readiness> {
    const parts = {
      database: await this.#checkDatabase(),
      client_credentials: this.#checkCredentials(),
    };
    return { ready: Object.values(parts).every((part) => part.ready), parts };
  }

  async #checkDatabase(): Promise<PartReadiness> {
    try {
      await sql`select 1`.execute(this.database);
      return { ready: true, reason: 'answers' };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { ready: false, reason: error.detail };
    }
  }

  #checkCredentials(): PartReadiness {
    const { state } = this.credentials;
    if (state === 'rejected') {
      return {
        ready: false,
        reason:
          'PagerDuty refuses this app’s client ID and secret: check PD_CLIENT_ID and PD_CLIENT_SECRET',
      };
    }
    return { ready: true, reason: state === 'accepted' ? 'accepted by PagerDuty' : 'not used yet' };
  }
}
