import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readParameters, type Parameters } from './authorization-request.js';

const KEPT = 10_000;

/** One request that arrived, kept in memory only. */
export interface LoggedRequest {
  readonly method: string;
  /** The path as it came, less the query. */
  readonly route: string;
  /** What was answered, also where a bad day lost the answer; undefined while nothing is. */
  readonly status: number | undefined;
  /** The form fields of a POST, secrets and all. */
  readonly form: Parameters | undefined;
}

/** Everything that was asked of the sandbox: counts for ever, details of the last 10,000. */
export class RequestLog {
  readonly #counts = new Map<string, number>();
  readonly #last: { -readonly [K in keyof LoggedRequest]: LoggedRequest[K] }[] = [];

  get all(): readonly LoggedRequest[] {
    return [...this.#last];
  }

  /** How many requests came by "METHOD /path", such as `POST /oauth/token`. */
  count(methodAndPath: string): number {
    return this.#counts.get(methodAndPath) ?? 0;
  }

  /** Counts by "METHOD /path". */
  counts(): ReadonlyMap<string, number> {
    return new Map(this.#counts);
  }

  /** The requests that reached the token endpoint, in order, of one grant type or of all. */
  tokenRequests(grantType?: string): readonly LoggedRequest[] {
    return this.all.filter(
      ({ method, route, form }) =>
        method === 'POST' &&
        route === '/oauth/token' &&
        (grantType === undefined || form?.['grant_type'] === grantType),
    );
  }

  clear(): void {
    this.#counts.clear();
    this.#last.length = 0;
  }

  /** Notes every request of this server from now on. */
  watch(app: FastifyInstance): void {
    const entries = new WeakMap<FastifyRequest, ReturnType<RequestLog['add']>>();
    app.addHook('onRequest', async (request) => {
      entries.set(request, this.add(request.method, request.url.replace(/\?.*/s, '')));
    });
    app.addHook('preHandler', async (request) => {
      const entry = entries.get(request);
      if (entry && request.method === 'POST') entry.form = readParameters(request.body);
    });
    app.addHook('onSend', async (request, reply) => {
      const entry = entries.get(request);
      if (entry) entry.status = reply.statusCode;
    });
  }

  private add(method: string, route: string) {
    const entry = { method, route, status: undefined, form: undefined };
    const key = `${method} ${route}`;
    this.#counts.set(key, this.count(key) + 1);
    this.#last.push(entry);
    if (this.#last.length > KEPT) this.#last.shift();
    return this.#last.at(-1);
  }
}
