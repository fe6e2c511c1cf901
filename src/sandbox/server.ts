import formbody from '@fastify/formbody';
import { fastify, type FastifyInstance } from 'fastify';
import { give } from './answer.js';
import { registerAuthorizeRoutes } from './authorize.js';
import { registerControlPage } from './control-page.js';
import { registerAssets } from './pages.js';
import { apiRefusal, toRefusal } from './refusal.js';
import { registerRestRoutes } from './rest.js';
import { registerTokenRoutes } from './token.js';
import type { World } from './world.js';

/** The sandbox's HTTP server, not yet listening; its `Date` header follows the sandbox's own time. */
export async function buildServer(world: World): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  await app.register(formbody);
  world.requests.watch(app);
  app.addHook('onSend', async (_request, reply) => {
    reply.header('date', new Date(world.settings.now()).toUTCString());
  });
  app.setErrorHandler((error, request, reply) => give(reply, toRefusal(error, request.url).answer));
  app.setNotFoundHandler((_request, reply) =>
    give(reply, apiRefusal(404, 2100, 'Not Found').answer),
  );
  registerAssets(app);
  registerControlPage(app, world);
  registerAuthorizeRoutes(app, world);
  registerTokenRoutes(app, world);
  registerRestRoutes(app, world);
  return app;
}
