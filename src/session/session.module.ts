import { Module } from '@nestjs/common';
import { NoticeCookie } from './notice-cookie.js';
import { SessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';

/** The browser's cookies, and the signed-in connection behind them. */
@Module({
  providers: [Sessions, SessionCookie, NoticeCookie],
  exports: [Sessions, SessionCookie, NoticeCookie],
})
export class SessionModule {}
