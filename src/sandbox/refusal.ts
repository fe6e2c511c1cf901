import { z } from 'zod';
import type { Answer } from './answer.js';

/** An answer that says no, thrown where the reason is found; the server sends it as it is. */
export class Refusal extends Error {
  constructor(readonly answer: Answer) {
    super(`refused with ${answer.status}`);
  }
}

/** A refusal from its parts. */
export function refuse(
  status: number,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return new Refusal({ status, body, headers });
}

/** A refusal of the token or revocation endpoint (RFC 6749 section 5.2). */
export function oauthRefusal(error: string, description: string, status = 400): Refusal {
  return refuse(status, { error, error_description: description });
}

/** A refusal of the REST API, with PagerDuty's own number for it. */
export function apiRefusal(
  status: number,
  code: number,
  message: string,
  errors: readonly string[] = [],
): Refusal {
  return refuse(status, { error: { message, code, errors } });
}

/** Turns whatever a route threw into the refusal that its caller should see. */
export function toRefusal(error: unknown, path: string): Refusal {
  if (error instanceof Refusal) return error;
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof z.ZodError) {
    return apiRefusal(400, 2001, 'Invalid Input Provided', error.issues.map(sayIssue));
  }
  if (status < 500 && path.startsWith('/oauth/')) return oauthRefusal('invalid_request', message);
  return apiRefusal(status, 2000, message);
}

function statusOf(error: unknown): number {
  return z.object({ statusCode: z.number() }).safeParse(error).data?.statusCode ?? 500;
}

function sayIssue({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.')}: ${message}`;
}
