import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { AuthModule } from './auth/auth.module.js';
import { CommonModule } from './common/common.module.js';
import { DatabaseModule } from './database/database.module.js';
import { loggerOptions } from './operations/logger-options.js';
import { loggingConfig } from './operations/logging.config.js';
import { OperationsModule } from './operations/operations.module.js';
import { CrossSiteGuard } from './session/cross-site.guard.js';
import { WelcomeModule } from './welcome/welcome.module.js';

/**
 * People connect their PagerDuty accounts here:
 * 1. `welcome` shows the landing page with the link to `/auth`;
 * 2. `auth` sends the browser to PagerDuty and takes it back at `/callback`;
 * 3. `pagerduty` swaps the code for tokens, verifies the ID token, and reads who it is;
 * 4. `connections` seals the tokens and keeps them in the `database`;
 * 5. `session` remembers the browser;
 * 6. `welcome` greets the person by name.
 */
@Module({
  imports: [
    LoggerModule.forRootAsync({
      imports: [ConfigModule.forFeature(loggingConfig)],
      inject: [loggingConfig.KEY],
      useFactory: loggerOptions,
    }),
    CommonModule,
    DatabaseModule,
    AuthModule,
    WelcomeModule,
    OperationsModule,
  ],
  providers: [{ provide: APP_GUARD, useClass: CrossSiteGuard }],
})
export class AppModule {}
