import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { give, redirectTo, type Answer } from './answer.js';
import { BAD_DAY_TARGETS, type BadDay } from './bad-days.js';
import { page, pageRefusal, requireOwnForm } from './pages.js';
import { PEOPLE } from './people.js';
import { PRESETS } from './presets.js';
import type { World } from './world.js';

const dayForm = z.object({
  target: z.enum(BAD_DAY_TARGETS),
  day: z.string().transform((name) => PRESETS[name]),
  times: z.union([z.literal(''), z.coerce.number().int().positive()]).default(''),
});

/** `GET /`: what this is, who lives here, every grant, and the bad days; each button is a form. */
export function registerControlPage(app: FastifyInstance, world: World): void {
  app.get('/', async (_request, reply) => give(reply, controlPage(world)));

  const button = (path: string, act: (body: unknown, id: string) => void | Promise<void>): void => {
    app.post(path, async (request, reply) => {
      requireOwnForm(request, world.url);
      await act(request.body, z.object({ id: z.string().default('') }).parse(request.params).id);
      return give(reply, redirectTo('/'));
    });
  };
  button('/control/grants/:id/end', (_body, id) => world.grants.end(id, 'ended by the person'));
  button('/control/keys/rotate', () => world.keys.rotate());
  button('/control/days/clear', () => world.days.clear());
  button('/control/days', (body) => setDay(body, world));
}

function setDay(body: unknown, world: World): void {
  const { target, day, times } = dayForm.safeParse(body).data ?? {};
  if (!target || !day) throw pageRefusal('Pick what the day strikes, its kind, and how often.');
  world.days.set(target, times ? { ...day, times } : day);
}

function controlPage(world: World): Answer {
  const { appKind, clientId, now } = world.settings;
  return page('control', {
    app: { kind: appKind, clientId, redirectUris: [...world.redirectUris] },
    people: PEOPLE,
    grants: world.grants.all(),
    sayAge: (atMs: number) => sayAge(now() - atMs),
    targets: BAD_DAY_TARGETS,
    presets: Object.keys(PRESETS),
    planned: world.days.planned().map(({ target, day, timesLeft }) => ({
      target,
      day: nameOf(day),
      timesLeft: Number.isFinite(timesLeft) ? `${timesLeft} more` : 'until it is cleared',
    })),
    counts: [...world.requests.counts()].filter(([route]) => /oauth|\/api\//.test(route)),
  });
}

/** A day without its `times` is one of the presets, or was set by a test. */
function nameOf({ times: _times, ...trouble }: BadDay): string {
  const preset = Object.entries(PRESETS).find(([, day]) => isDeepStrictEqual(day, trouble));
  return preset?.[0] ?? trouble.kind;
}

function sayAge(ageMs: number): string {
  const minutes = Math.floor(ageMs / 60_000);
  if (minutes < 1) return 'just now';
  return minutes < 120 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
}
