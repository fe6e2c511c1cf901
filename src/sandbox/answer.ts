import type { FastifyReply } from 'fastify';

/** A whole HTTP answer as a value. */
export interface Answer {
  readonly status: number;
  readonly body: object | string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends it. */
export function give(reply: FastifyReply, { status, body, headers }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

/** A redirect that is to be followed with GET. */
export function redirectTo(location: string): Answer {
  return { status: 303, body: '', headers: { location, 'cache-control': 'no-store' } };
}
