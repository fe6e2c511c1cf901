import { Controller, Get, HttpCode, HttpStatus, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ReadinessService } from './readiness.service.js';

/** For load balancers and orchestrators. */
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  /** 200 while the process runs. */
  @Get('live')
  @HttpCode(HttpStatus.OK)
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 where every part can serve, else 503; either way with the reason for each part. */
  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { ready, parts } = await this.readiness.check();
    const status = ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    await reply.code(status).send({ status: ready ? 'ok' : 'unavailable', parts });
  }
}
