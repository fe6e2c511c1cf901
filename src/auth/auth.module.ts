import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ConnectionsModule } from '../connections/connections.module.js';
import { PagerDutyModule } from '../pagerduty/pagerduty.module.js';
import { SessionModule } from '../session/session.module.js';
import { authConfig } from './auth.config.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { FlowCookies } from './flow-cookies.js';
import { FlowStateStore } from './flow-state-store.js';
import { PagerDutyStrategy } from './pagerduty.strategy.js';
import { SignIns } from './sign-ins.js';

/** A browser becomes a connected person: `/auth` → PagerDuty → `/callback` → connection and session. */
@Module({
  imports: [ConfigModule.forFeature(authConfig), PagerDutyModule, ConnectionsModule, SessionModule],
  controllers: [AuthController],
  providers: [AuthService, SignIns, FlowCookies, FlowStateStore, PagerDutyStrategy],
})
export class AuthModule {}
