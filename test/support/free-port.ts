import { once } from 'node:events';
import { createServer } from 'node:net';

/** A loopback port that nobody listens on: the redirect URI must name it before the app has it. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
  server.close();
  await once(server, 'close');
  return address.port;
}
