import accepts from '@fastify/accepts';
import { Controller, Get, HttpException, Param } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppErrorFilter } from './app-error.filter.js';

@Controller()
class Refusing {
  @Get('nest/:status')
  byNest(@Param('status') status: string): never {
    throw new HttpException('canary', Number(status));
  }

  @Get('fastify/:status')
  byFastify(@Param('status') status: string): never {
    throw Object.assign(new Error('canary'), { statusCode: Number(status) });
  }
}

describe('AppErrorFilter', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const testing = await Test.createTestingModule({ controllers: [Refusing] }).compile();
    app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
      logger: false,
    });
    await app.register(accepts);
    app.useGlobalFilters(new AppErrorFilter({ appName: 'test', sandboxUrl: undefined }));
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  describe.each(['nest', 'fastify'])('where %s refuses by itself', (by) => {
    it.each([
      [401, 401, 'unauthorized'],
      [403, 403, 'forbidden'],
      [404, 404, 'not_found'],
      [400, 400, 'invalid_request'],
      [405, 400, 'invalid_request'],
      [413, 400, 'invalid_request'],
      [415, 400, 'invalid_request'],
      [429, 400, 'invalid_request'],
      [500, 500, 'internal_error'],
      [503, 500, 'internal_error'],
    ])('turns %i into %i %s, and keeps the foreign words back', async (foreign, status, code) => {
      const headers = { accept: 'application/json' };
      const answer = await app.inject({ url: `/${by}/${foreign}`, headers });
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.json()).toMatchObject({ status, code });
      expect(answer.statusCode).toBe(status);
      expect(answer.body).not.toContain('canary');
    });
  });
});
