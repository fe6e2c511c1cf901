import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SANDBOX_REGIONS, type SandboxRegion } from './accounts.js';
import { selectIncidents, selectOnCalls, paged, readQuery, type RestQuery } from './rest-query.js';
import { PEOPLE, type SandboxPerson } from './people.js';
import { apiRefusal, refuse, type Refusal } from './refusal.js';
import { RestShapes } from './rest-shapes.js';
import { opens } from './scopes.js';
import { spoiledBy } from './spoil.js';
import type { World } from './world.js';

/** Somebody who was let in, with their colleagues and the query. */
interface Call {
  readonly person: SandboxPerson;
  readonly colleagues: readonly SandboxPerson[];
  readonly query: RestQuery;
  readonly shapes: RestShapes;
  readonly nowMs: number;
}

interface Resource {
  readonly path: string;
  readonly target: 'users_me' | 'oncalls' | 'incidents' | 'teams';
  readonly scope: string;
  readonly answer: (call: Call) => object;
}

const RESOURCES: readonly Resource[] = [
  {
    path: '/users/me',
    target: 'users_me',
    scope: 'users.read',
    answer: ({ person, shapes }) => ({ user: shapes.user(person) }),
  },
  {
    path: '/oncalls',
    target: 'oncalls',
    scope: 'oncalls.read',
    answer: ({ colleagues, query, shapes, nowMs }) =>
      paged('oncalls', selectOnCalls(shapes.onCalls(colleagues), query, nowMs), query),
  },
  {
    path: '/incidents',
    target: 'incidents',
    scope: 'incidents.read',
    answer: ({ colleagues, query, shapes }) =>
      paged('incidents', selectIncidents(shapes.incidents(colleagues), query), query),
  },
  {
    path: '/teams',
    target: 'teams',
    scope: 'teams.read',
    answer: ({ person, query, shapes }) =>
      paged(
        'teams',
        person.account.teams.map((team) => shapes.team(team, person.account)),
        query,
      ),
  },
];

/** The REST API of each region; a token works only where its person's account lives. */
export function registerRestRoutes(app: FastifyInstance, world: World): void {
  for (const region of SANDBOX_REGIONS) {
    for (const { path, target, scope, answer } of RESOURCES) {
      const options = spoiledBy(world.days, target, 'api');
      app.get(`/api/${region}${path}`, options, async (request, reply) => {
        const person = admit(request, reply, { world, region, scope });
        const nowMs = world.settings.now();
        const colleagues = PEOPLE.filter(({ account }) => account === person.account);
        const shapes = new RestShapes(world.apiUrl(region), world.url, nowMs);
        return answer({ person, colleagues, query: readQuery(request.query), shapes, nowMs });
      });
    }
  }
}

interface Gate {
  readonly world: World;
  readonly region: SandboxRegion;
  readonly scope: string;
}

/** @throws Refusal 401 code 2006, 429 code 2020, or 403 for a missing scope, in this order */
function admit(request: FastifyRequest, reply: FastifyReply, gate: Gate): SandboxPerson {
  const { world, region, scope } = gate;
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const grant = token === undefined ? undefined : world.grants.findByAccessToken(token);
  if (!grant || grant.person.account.region !== region) {
    throw apiRefusal(401, 2006, 'Authentication failed', ['The token is not good here.']);
  }
  const { allowed, headers } = world.rateLimit.take(grant.person.id);
  reply.headers(headers);
  if (!allowed) throw apiRefusal(429, 2020, 'Rate Limit Exceeded');
  if (!opens(grant.scope, scope)) throw missingScope(scope, grant.scope);
  return grant.person;
}

function missingScope(required: string, granted: readonly string[]): Refusal {
  const error = {
    message: 'Token missing required scopes',
    required_scopes: required,
    token_scopes: granted.join(' '),
  };
  return refuse(403, { error });
}
