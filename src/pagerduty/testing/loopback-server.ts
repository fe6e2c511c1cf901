import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';

/** What the server does for one request; it may also leave it hanging. */
export type Reply = (response: ServerResponse) => void;

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server on a free loopback port that gives scripted replies, the last one for ever. */
export class LoopbackServer {
  requests: SeenRequest[] = [];
  #replies: readonly Reply[] = [];
  readonly #server: Server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  static async start(): Promise<LoopbackServer> {
    const server = new LoopbackServer();
    await new Promise<void>((listening) => {
      server.#server.listen(0, '127.0.0.1', listening);
    });
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server is closed');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Forgets what came so far, and answers the next requests with these. */
  replyWith(...replies: readonly Reply[]): void {
    this.requests = [];
    this.#replies = replies;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => {
      this.#server.close(closed);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path, headers } = request;
    const reply = this.#replies[Math.min(this.requests.length, this.#replies.length - 1)];
    this.requests.push({ method, path, headers, body: await text(request) });
    reply?.(response);
  }
}

/** Any answer, as it is given. */
export function raw(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return (response) => response.writeHead(status, headers).end(body);
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return raw(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export const html = (status: number): Reply =>
  raw(status, '<!doctype html><title>PagerDuty</title>', { 'content-type': 'text/html' });

export const redirect = (location: string): Reply => raw(302, '', { location });

/** A good answer, but for a body of more than that many bytes. */
export const padded = (body: object, sizeBytes: number): Reply =>
  json(200, { ...body, padding: 'x'.repeat(sizeBytes) });

/** Never answers. */
export const hang: Reply = () => undefined;

/** Sends the beginning of an answer, and no more. */
export const stall: Reply = (response) => {
  response.writeHead(200, { 'content-length': '100' }).write('{"');
};

/** Breaks the connection in the middle of the answer. */
export const cut: Reply = (response) => {
  response.writeHead(200, { 'content-length': '100' }).write('{"', () => response.destroy());
};
