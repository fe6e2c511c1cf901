import { Module } from '@nestjs/common';
import { PagerDutyModule } from '../pagerduty/pagerduty.module.js';
import { HealthController } from './health.controller.js';
import { ReadinessService } from './readiness.service.js';

/** How the program feels, for machines. */
@Module({
  imports: [PagerDutyModule],
  controllers: [HealthController],
  providers: [ReadinessService],
})
export class OperationsModule {}
