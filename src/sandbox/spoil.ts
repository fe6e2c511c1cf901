import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { BadDay, BadDays, BadDayTarget, Damage, Obstruction } from './bad-days.js';
import { NONSENSE, parseObject } from './nonsense.js';
import { sayStanding } from './rate-limit.js';
import { apiRefusal, oauthRefusal, refuse, type Refusal } from './refusal.js';

const never = (): Promise<never> => new Promise<never>(() => {});

/** Route options that let the bad days of these targets strike a route; the first target comes first. */
export function spoiledBy(
  days: BadDays,
  ...targets: readonly BadDayTarget[]
): RouteShorthandOptions {
  const struck = new WeakMap<FastifyRequest, BadDay>();
  return {
    preHandler: async (request) => {
      const day = days.take(targets);
      if (!day) return;
      struck.set(request, day);
      if (day.kind === 'slow') await sleep(day.ms, undefined, { ref: false });
      else if (day.kind === 'hang') await never();
      else if (!isDamage(day)) throw standIn(day);
    },
    onSend: async (request, reply, payload) => {
      const day = struck.get(request);
      if (!day || !isDamage(day)) return payload;
      return damage(day, reply, typeof payload === 'string' ? payload : '');
    },
  };
}

function isDamage(day: BadDay): day is Damage {
  return ['lost', 'stall', 'nonsense', 'tamper'].includes(day.kind);
}

/** The answer that stands in the work's place. */
function standIn(day: Exclude<Obstruction, { kind: 'hang' }>): Refusal {
  switch (day.kind) {
    case 'status':
      return refuse(day.status, 'The sandbox has a bad day.', sayRetryAfter(day.retryAfterS));
    case 'rate-limited':
      return day.bare ? refuse(429, '') : rateLimited(day.resetS ?? 1);
    case 'redirect':
      return refuse(307, '', { location: day.location ?? '/redirected' });
    case 'invalid-client':
      return oauthRefusal('invalid_client', 'Client authentication failed.', 401);
    default:
      return refuse(day.status, day.body, day.headers);
  }
}

function sayRetryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

function rateLimited(resetS: number): Refusal {
  const { status, body } = apiRefusal(429, 2020, 'Rate Limit Exceeded').answer;
  return refuse(status, body, sayStanding(960, 0, resetS));
}

async function damage(day: Damage, reply: FastifyReply, honest: string): Promise<string> {
  switch (day.kind) {
    case 'lost':
      return cut(reply, honest, day.afterBytes, () => reply.raw.destroy());
    case 'stall':
      return cut(reply, honest, day.afterBytes, () => {});
    case 'tamper':
      return JSON.stringify(day.json(parseObject(honest)));
    default:
      if (day.body === 'html') reply.header('content-type', 'text/html; charset=utf-8');
      return NONSENSE[day.body](honest);
  }
}

/** Sends the head and the first bytes as if all were to come, then does as told. */
async function cut(
  reply: FastifyReply,
  honest: string,
  afterBytes: number | undefined,
  then: () => void,
): Promise<never> {
  if (afterBytes === undefined) {
    then();
    return never();
  }
  const body = Buffer.from(honest);
  reply.header('content-length', body.length);
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.writeHead(reply.statusCode);
  reply.raw.write(body.subarray(0, afterBytes), then);
  return never();
}
