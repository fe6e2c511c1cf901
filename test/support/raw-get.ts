import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** An answer, with all that came, as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Status line aside: each header and the body. */
  readonly everything: string;
}

/** GET without a URL parser in between: what `fetch` would tidy up reaches the server as it is. */
export async function rawGet(
  origin: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  // Each on a connection of its own: a server that gives up on a request gives up on its connection.
  const answer = await new Promise<IncomingMessage>((answered, failed) => {
    request({ hostname, port, path, headers, agent: false }, answered).on('error', failed).end();
  });
  const body = await text(answer);
  const everything = `${answer.rawHeaders.join('\n')}\n\n${body}`;
  return { status: answer.statusCode ?? 0, headers: answer.headers, body, everything };
}
