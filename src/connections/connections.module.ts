import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { databaseConfig, type DatabaseConfig } from '../database/database.config.js';
import { Database, openDatabase } from '../database/database.js';
import { PagerDutyModule } from '../pagerduty/pagerduty.module.js';
import { Pause } from '../pagerduty/pause.js';
import { AccessTokens } from './access-tokens.js';
import { ConnectionVault } from './connection-vault.js';
import { connectionsConfig } from './connections.config.js';
import { KeepAlive } from './keep-alive.js';
import { KeyRing } from './key-ring.js';
import { NewTokens } from './new-tokens.js';
import { RefreshBackOff } from './refresh-back-off.js';
import { RefreshStore } from './refresh-store.js';
import { Refresher } from './refresher.js';
import { ReplicaPresence } from './replica-presence.js';
import { PostgresPresence } from './postgres-presence.js';
import { SqlitePresence } from './sqlite-presence.js';
import { TokenCipher } from './token-cipher.js';

function presenceFor(config: DatabaseConfig, database: Database, pause: Pause): ReplicaPresence {
  if (!('postgres' in config)) return new SqlitePresence();
  const own = openDatabase({ postgres: { ...config.postgres, poolSize: 1 } });
  return new PostgresPresence(database, own, pause);
}

/** The vault: connections and their sealed tokens, kept fresh; and the key ring, for whoever else has to seal. */
@Module({
  imports: [ConfigModule.forFeature(connectionsConfig), PagerDutyModule],
  providers: [
    KeyRing,
    TokenCipher,
    ConnectionVault,
    RefreshStore,
    RefreshBackOff,
    {
      provide: ReplicaPresence,
      inject: [databaseConfig.KEY, Database, Pause],
      useFactory: presenceFor,
    },
    NewTokens,
    Refresher,
    AccessTokens,
    KeepAlive,
  ],
  exports: [KeyRing, ConnectionVault, AccessTokens],
})
export class ConnectionsModule {}
