import type { FastifyInstance } from 'fastify';
import { LIGHTHOUSE } from './accounts.js';
import { give, redirectTo, type Answer } from './answer.js';
import {
  callbackUrl,
  readAuthorizationRequest,
  readParameters,
  type AuthorizationRequest,
  type Parameters,
} from './authorization-request.js';
import { page, pageRefusal, requireOwnForm } from './pages.js';
import { PEOPLE, type SandboxPerson } from './people.js';
import { isGrantable, reduceScope } from './scopes.js';
import type { World } from './world.js';

/** `/oauth/authorize`: the page where a person is picked and says yes or no, and what follows. */
export function registerAuthorizeRoutes(app: FastifyInstance, world: World): void {
  app.get('/oauth/authorize', async (request, reply) => {
    const parameters = readParameters(request.query);
    return give(reply, consentPage(parameters, readRequest(parameters, world), world));
  });

  app.post('/oauth/authorize', async (request, reply) => {
    requireOwnForm(request, world.url);
    const { person, decision, ...parameters } = readParameters(request.body);
    return give(reply, decide(readRequest(parameters, world), { person, decision }, world));
  });
}

function readRequest(parameters: Parameters, world: World): AuthorizationRequest {
  return readAuthorizationRequest(parameters, world.app, pageRefusal);
}

function consentPage(
  parameters: Parameters,
  { scope, redirectUri }: AuthorizationRequest,
  world: World,
): Answer {
  const { appKind, clientId } = world.settings;
  const words = scope.split(' ').filter((word) => word !== '');
  return page('authorize', {
    parameters: Object.entries(parameters),
    people: peopleFor(world),
    scopes: words.map((word) => ({ word, isGrantable: isGrantable(word, appKind) })),
    app: { kind: appKind, clientId, origin: new URL(redirectUri).origin },
  });
}

interface Decision {
  readonly person: string | undefined;
  readonly decision: string | undefined;
}

function decide(
  request: AuthorizationRequest,
  { person: id, decision }: Decision,
  world: World,
): Answer {
  const { redirectUri, state, scope } = request;
  const iss = world.authorizationIssuer;
  if (decision === 'deny') {
    const words = { error: 'access_denied', error_description: 'The person denied access.' };
    return redirectTo(callbackUrl(redirectUri, { ...words, state, iss }));
  }
  const person = peopleFor(world).find((one) => one.id === id);
  if (decision !== 'authorize' || !person)
    throw pageRefusal('Pick a person, then Authorize or Deny.');
  const code = world.codes.issue(request, person, reduceScope(scope, world.settings.appKind));
  return redirectTo(callbackUrl(redirectUri, { code, state, iss }));
}

/** A Scoped app works only in the account that registered it. */
function peopleFor({ settings }: World): readonly SandboxPerson[] {
  if (settings.appKind === 'classic') return PEOPLE;
  return PEOPLE.filter(({ account }) => account === LIGHTHOUSE);
}
