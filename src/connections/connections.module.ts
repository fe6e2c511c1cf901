import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ConnectionVault } from './connection-vault.js';
import { connectionsConfig } from './connections.config.js';
import { KeyRing } from './key-ring.js';
import { TokenCipher } from './token-cipher.js';

/** The vault: connections and their sealed tokens; and the key ring, for whoever else has to seal. */
@Module({
  imports: [ConfigModule.forFeature(connectionsConfig)],
  providers: [KeyRing, TokenCipher, ConnectionVault],
  exports: [KeyRing, ConnectionVault],
})
export class ConnectionsModule {}
