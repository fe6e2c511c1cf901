import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer } from './answer.js';
import { PEOPLE } from './people.js';
import { drawPortrait } from './portrait.js';
import { Refusal } from './refusal.js';

const VIEWS = join(import.meta.dirname, 'views');
const eta = new Eta({ views: VIEWS, cache: true });

/**
 * No `form-action`: browsers hold it against every redirect that follows a form, and Authorize redirects
 * to wherever the app likes. `Referrer-Policy` is not `no-referrer`, which would make `Origin` null.
 */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;

/** A page, ready to be sent. */
export function page(
  view: 'authorize' | 'refused' | 'control',
  model: object,
  status = 200,
): Answer {
  return { status, body: eta.render(view, model), headers: PAGE_HEADERS };
}

/** A page that says why not, ready to be thrown. */
export function pageRefusal(problem: string, status = 400): Refusal {
  return new Refusal(page('refused', { problem }, status));
}

/** The style sheet, the icon, and everyone's picture. */
export function registerAssets(app: FastifyInstance): void {
  const serve = (path: string, type: string, content: string): void => {
    app.get(path, async (_request, reply) => {
      reply.headers({
        'content-type': type,
        'cache-control': 'max-age=300',
        'content-security-policy': "default-src 'none'",
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      });
      return content;
    });
  };
  serve('/sandbox.css', 'text/css; charset=utf-8', readView('sandbox.css'));
  serve('/icon.svg', 'image/svg+xml', readView('icon.svg'));
  for (const { id, portrait } of PEOPLE) {
    if (portrait) serve(`/avatars/${id}.svg`, 'image/svg+xml', drawPortrait(portrait));
  }
}

function readView(name: string): string {
  return readFileSync(join(VIEWS, name), 'utf8');
}

/** @throws Refusal 403 where a browser sent the form from another site's page; programs may post */
export function requireOwnForm(request: FastifyRequest, sandboxUrl: string): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const own = [sandboxUrl, sandboxUrl.replace('127.0.0.1', 'localhost')];
  const fromHere = origin === undefined || own.includes(origin);
  if (fromHere && (site === undefined || site === 'same-origin')) return;
  throw pageRefusal('This form was sent from another site.', 403);
}
