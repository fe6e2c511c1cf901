import {
  Global,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Clock } from '../common/clock.js';
import { databaseConfig } from './database.config.js';
import { clockFor, DatabaseClock } from './database-clock.js';
import { Database, openDatabase } from './database.js';
import { migrate } from './migrate.js';

/** The database for every feature: up to date before anything else starts, closed after all else has ended. */
@Global()
@Module({
  imports: [ConfigModule.forFeature(databaseConfig)],
  providers: [
    { provide: Database, inject: [databaseConfig.KEY], useFactory: openDatabase },
    { provide: DatabaseClock, inject: [databaseConfig.KEY, Clock], useFactory: clockFor },
  ],
  exports: [ConfigModule, Database, DatabaseClock],
})
export class DatabaseModule implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(DatabaseModule.name);

  constructor(private readonly database: Database) {}

  async onModuleInit(): Promise<void> {
    const applied = await migrate(this.database);
    const change = applied.length > 0 ? `migrations applied: ${applied.join(', ')}` : 'up to date';
    this.#logger.log(`Database ready, ${change}`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.destroy();
  }
}
