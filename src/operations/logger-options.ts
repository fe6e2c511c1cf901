import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestMethod } from '@nestjs/common';
import type { Params } from 'nestjs-pino';
import { pino, type LogFn, type Logger } from 'pino';
import type { LoggingConfig } from './logging.config.js';

/** What PagerDuty's tokens look like: none gets into a line, whoever wrote it. */
const TOKENS = /pd[a-z]{2}\+_[\w-]+/g;

/** One JSON object a line; in a terminal the same for the eye. Addresses are logged without their query. */
export function loggerOptions({ level }: LoggingConfig): Params {
  return {
    // The package's own default matches nothing but the root path here.
    forRoutes: [{ path: '/{*splat}', method: RequestMethod.ALL }],
    pinoHttp: {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => line.replace(TOKENS, '[secret]'), logMethod: hushStart },
      ...(process.stdout.isTTY && {
        transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname' } },
      }),
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'request_id', responseTime: 'duration_ms' },
      customProps: requestFacts,
      serializers: { req: () => undefined, res: () => undefined },
      customLogLevel: (_request, response, error) =>
        error || response.statusCode >= 500 ? 'warn' : 'info',
      customSuccessMessage: describe,
      customErrorMessage: describe,
      customErrorObject: (_request, _response, _error, { err: _err, ...facts }) => facts,
      autoLogging: { ignore: (request) => pathOf(request).startsWith('/health/') },
    },
  };
}

/** How Nest puts itself together is for those who ask for it. */
const START_CONTEXTS = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

function hushStart(this: Logger, entry: Parameters<LogFn>, log: LogFn): void {
  const facts: unknown = entry[0];
  const isStart =
    typeof facts === 'object' &&
    facts !== null &&
    'context' in facts &&
    START_CONTEXTS.has(String(facts.context));
  if (!isStart || this.isLevelEnabled('debug')) log.apply(this, entry);
}

function describe(request: IncomingMessage, response: ServerResponse): string {
  return `${request.method} ${pathOf(request)} ${response.statusCode}`;
}

function requestFacts(request: IncomingMessage, response: ServerResponse): object {
  return response.headersSent
    ? { method: request.method, path: pathOf(request), status: response.statusCode }
    : {};
}

function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  return (request.originalUrl ?? request.url ?? '').split('?', 1)[0] ?? '';
}
