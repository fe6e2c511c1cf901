import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { TransportError } from './transport-error.js';

const CONNECT_TIMEOUT_MS = 3_000;
const CONNECTIONS_PER_ORIGIN = 64;

// The codes that only a connection that never came to be can have; an unreachable host is not among
// them, for that may also end one over which the request already went.
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const coded = z.object({ code: z.string() });

/** One request to PagerDuty, with its limits. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the call to the last byte of the answer. */
  readonly deadlineMs: number;
  /** The largest answer that is read. */
  readonly maxBytes: number;
}

/** An answer as it came, whatever its status; redirects are not followed. */
export interface TransportAnswer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly text: string;
}

/** The one way out to PagerDuty: pooled keep-alive connections, a deadline, a size limit, no redirects. */
@Injectable()
export class HttpTransport implements OnApplicationShutdown {
  // HTTP/1.1 alone: with HTTP/2 one broken connection would fail every request that shares it.
  readonly #agent = new Agent({
    allowH2: false,
    connections: CONNECTIONS_PER_ORIGIN,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  });

  /** @throws TransportError where no complete answer came */
  async request(url: string, options: TransportRequest): Promise<TransportAnswer> {
    const signal = AbortSignal.timeout(options.deadlineMs);
    const { origin } = new URL(url);
    try {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: this.#agent,
        method: options.method,
        headers: { 'user-agent': 'pagerduty-connect', ...options.headers },
        body: options.body ?? null,
        signal,
      });
      return { status: statusCode, headers, text: await readText(body, options.maxBytes, origin) };
    } catch (error) {
      if (signal.aborted) {
        throw new TransportError('timed_out', origin, `no answer within ${options.deadlineMs} ms`);
      }
      throw toTransportError(error, origin);
    }
  }

  /** Comes after the HTTP server has let its last requests finish: those may still need PagerDuty. */
  async onApplicationShutdown(): Promise<void> {
    await this.#agent.close();
  }
}

async function readText(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  origin: string,
): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      throw new TransportError('too_large', origin, `answered more than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function toTransportError(error: unknown, origin: string): TransportError {
  if (error instanceof TransportError) return error;
  const code = readCode(error);
  return new TransportError(NOT_CONNECTED.has(code) ? 'not_connected' : 'cut', origin, code);
}

/** Node's code, by shape: an error of another realm is no instance of this one's Error. */
function readCode(error: unknown): string {
  return coded.safeParse(error).data?.code ?? 'failed without a code';
}
