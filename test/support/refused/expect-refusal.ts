import type { RunningAppWithSandbox } from '../app.js';
import type { UserAgent } from '../user-agent.js';
import { START_PATH, type Arrival } from './journey.js';
import { stored, type Refusal } from './scenario.js';

/** The two forms of an error, by the `Accept` that asks for each. */
export const FORMS = ['text/html', 'application/json'] as const;

export type Form = (typeof FORMS)[number];

/** What tokens and JWTs look like. */
const TOKEN_SHAPES = /pd[a-z]{2}\+_|eyJ[\w-]{16}/;

/** Holds an error answer against what was promised, in its form, without a secret or an echo in it. */
export async function expectRefusal(
  { answer, secrets }: Arrival,
  form: Form,
  ends: Refusal,
  { knowsFlow = true }: { knowsFlow?: boolean } = {},
): Promise<void> {
  const body = await answer.text();
  const { says = /./, retryAfter } = ends;
  if (form === 'text/html') expectPage(answer, body, ends, knowsFlow);
  else expectProblem(answer, body, ends);
  expect(body.replaceAll(/<[^>]*>/g, '')).toMatch(says);
  expect(answer.headers.get('retry-after') ?? '').toMatch(retryAfter ?? /^$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const shown = body + JSON.stringify([...answer.headers]);
  for (const secret of secrets) expect(shown).not.toContain(secret);
  expect(shown).not.toMatch(TOKEN_SHAPES);
  expect(shown).not.toContain('x-probe');
}

/** No row, and no session in the browser. */
export async function expectNothingStored(
  running: RunningAppWithSandbox,
  browser: UserAgent,
): Promise<void> {
  expect(await stored(running)).toEqual({ connections: 0, sessions: 0 });
  expect([...browser.cookies.keys()]).not.toContain('session');
}

function expectPage(answer: Response, body: string, ends: Refusal, knowsFlow: boolean): void {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    ends.status,
    'text/html; charset=utf-8',
  ]);
  expect(body).toContain(`<code>${ends.code}</code>`);
  expect(body).toContain(requestIdOf(answer));
  expect(body).toContain(`href="${knowsFlow ? START_PATH : '/auth'}">Try again</a>`);
}

function expectProblem(answer: Response, body: string, { status, code }: Refusal): void {
  expect(JSON.parse(body)).toEqual({
    type: expect.any(String),
    title: expect.stringMatching(/./),
    status,
    detail: expect.stringMatching(/./),
    code,
    request_id: requestIdOf(answer),
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    status,
    'application/problem+json',
  ]);
}

function requestIdOf(answer: Response): string {
  const id = answer.headers.get('x-request-id') ?? '';
  expect(id).toMatch(/^[\w-]{16,}$/);
  return id;
}
