import { Module } from '@nestjs/common';
import { FinishedFlows } from './finished-flows.js';
import { NoticeCookie } from './notice-cookie.js';
import { SessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';

/** The browser's cookies, and the signed-in connection behind them. */
@Module({
  providers: [Sessions, FinishedFlows, SessionCookie, NoticeCookie],
  exports: [Sessions, FinishedFlows, SessionCookie, NoticeCookie],
})
export class SessionModule {}
