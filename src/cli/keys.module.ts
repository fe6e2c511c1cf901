import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { CommonModule } from '../common/common.module.js';
import { connectionsConfig } from '../connections/connections.config.js';
import { KeyRing } from '../connections/key-ring.js';
import { KeyRotation } from '../connections/key-rotation.js';
import { TokenCipher } from '../connections/token-cipher.js';
import { DatabaseModule } from '../database/database.module.js';

/** The keys and the rows, and nothing that refreshes, listens or calls PagerDuty. */
@Module({
  imports: [ConfigModule.forFeature(connectionsConfig), CommonModule, DatabaseModule],
  providers: [KeyRing, TokenCipher, KeyRotation],
})
export class KeysModule {}
