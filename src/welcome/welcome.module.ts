import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { SessionModule } from '../session/session.module.js';
import { AppErrorFilter } from './app-error.filter.js';
import { pagesConfig } from './pages.config.js';
import { WelcomeController } from './welcome.controller.js';

/** What a person sees. */
@Module({
  imports: [ConfigModule.forFeature(pagesConfig), SessionModule],
  controllers: [WelcomeController],
  providers: [{ provide: APP_FILTER, useClass: AppErrorFilter }],
})
export class WelcomeModule {}
