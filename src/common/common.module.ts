import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Clock, SystemClock } from './clock.js';
import { httpConfig } from './http.config.js';

/** What every feature needs: the time, and where the program is reached. */
@Global()
@Module({
  imports: [ConfigModule.forFeature(httpConfig)],
  providers: [{ provide: Clock, useClass: SystemClock }],
  exports: [Clock, ConfigModule],
})
export class CommonModule {}
