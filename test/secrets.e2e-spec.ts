import { z } from 'zod';
import { buildProgram } from './support/built-program.js';
import { findLeaks, placesIn, type Place } from './support/secrets/search.js';
import { Story } from './support/secrets/story.js';
import { STRAY_REQUESTS } from './support/secrets/stray-requests.js';
import { TROUBLES } from './support/secrets/troubles.js';

const STORY_TIMEOUT_MS = 180_000;

const problem = z.object({ code: z.string(), request_id: z.string() });
const logLine = z.looseObject({
  level: z.string(),
  msg: z.string(),
  request_id: z.string().optional(),
  status: z.number().optional(),
  code: z.string().optional(),
});

/** How a text may be written down, by whoever means well. */
const DISGUISES: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in JSON': (text) => JSON.stringify({ text }),
  'in a URL': (text) => `/callback?code=${encodeURIComponent(text)}`,
  'in a form': (text) => new URLSearchParams({ text }).toString(),
  'in hex': (text) => Buffer.from(text).toString('hex'),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64url': (text) => Buffer.from(text).toString('base64url'),
};

describe('Secrets', () => {
  let story: Story;
  let codes: string[];
  let strayStatuses: readonly number[];
  let databaseInUse: readonly Place[];
  let databaseAfterwards: readonly Place[];
  let linesWhileServing: readonly string[];

  beforeAll(async () => {
    story = await Story.begin(await buildProgram());
    const linesOfStart = story.program.lines.length;
    const [first, second, third, ...others] = story.sandbox.people.map(({ id }) => id);
    if (!first || !second || !third) throw new RangeError('too few people');
    const browser = await story.signIn(first);
    for (const id of others) await story.signIn(id);
    codes = await tellTroubles(story);
    strayStatuses = await story.stray();
    databaseInUse = await story.databaseFiles();
    await (await story.signIn(second)).post('/logout');
    await (await story.signIn(third)).post('/disconnect');
    story.sandbox.days.set('revoke', { kind: 'status', status: 500 });
    await browser.post('/disconnect');
    await story.program.terminate();
    linesWhileServing = story.program.lines.slice(linesOfStart);
    databaseAfterwards = await story.databaseFiles();
  }, STORY_TIMEOUT_MS);
  afterAll(() => story[Symbol.asyncDispose]());

  const linesOf = (requestId: string) =>
    linesWhileServing
      .map((line) => logLine.parse(JSON.parse(line)))
      .filter((line) => line.request_id === requestId);
  const log = (): Place[] => [
    { where: 'the log', text: story.program.stdout, mayHold: [] },
    { where: 'stderr', text: story.program.stderr, mayHold: [] },
  ];

  describe('are looked for where', () => {
    it('everything went wrong that was meant to', () => {
      expect(codes).toEqual(TROUBLES.flatMap(({ code, codeAgain }) => [code, codeAgain ?? code]));
      expect(strayStatuses).toEqual(STRAY_REQUESTS.map(({ status }) => status));
    });

    it('every kind of them came up', () => {
      expect([...new Set(story.treasures().map(({ kind }) => kind))]).toEqual(
        expect.arrayContaining([
          'access token',
          'refresh token',
          'revoked token',
          'ID token',
          'code',
          'code verifier',
          'state',
          'session token',
          'flow cookie',
          'client secret',
          'calendar key',
          'encryption key',
        ]),
      );
    });

    it('something is: the log knows the paths, and the database the people', () => {
      expect(story.program.stdout).toContain('"/callback"');
      expect(databaseInUse.map(({ text }) => text).join()).toContain(
        story.sandbox.people[0]?.email,
      );
    });

    it.each(Object.keys(DISGUISES))('they would be found: %s', (disguise) => {
      const treasure = { kind: 'token', text: 'pdus+_0Xa/b?c=d&e~f.g"h' };
      for (const before of ['', 'x', 'xy']) {
        const text = DISGUISES[disguise]?.(`${before}${treasure.text} and so on`) ?? '';
        const place = { where: 'a text', text, mayHold: [] };
        expect(findLeaks([treasure], [place])).toEqual(['token in a text']);
      }
    });
  });

  it('are in no line of the log, at its most talkative', () => {
    expect(findLeaks(story.treasures(), log())).toEqual([]);
  });

  it('are in no answer but the one that each is for', () => {
    const places = story.recorder.answers.flatMap((answer) =>
      placesIn(answer, `${story.sandbox.url}/oauth/authorize`),
    );
    expect(findLeaks(story.treasures(), places)).toEqual([]);
  });

  it('are in no byte of the database, in use or afterwards', () => {
    const places = [...databaseInUse, ...databaseAfterwards];
    expect(findLeaks(story.treasures(), places)).toEqual([]);
  });

  it('are not all: e-mail addresses stay out of the log as well', () => {
    expect(story.program.stdout.match(/[\w.+-]+@[\w-]+\.\w+/g)).toBeNull();
  });

  describe('can stay out of the log, for a line tells', () => {
    it('as JSON with the request that it belongs to', () => {
      const lines = linesWhileServing.map((line) => logLine.parse(JSON.parse(line)));
      expect(lines.filter(({ request_id: id }) => id === undefined)).toEqual([]);
    });

    it('how each request was answered', () => {
      const untold = story.recorder.answers.filter(
        ({ status, requestId }) => !linesOf(requestId).some((line) => line.status === status),
      );
      expect(untold.map(({ request, status }) => `${request} ${status}`)).toEqual([]);
    });

    it('what went wrong, by the id that the person was shown', () => {
      const errors = story.recorder.answers.filter(({ status }) => status >= 400);
      expect(errors.length).toBeGreaterThan(TROUBLES.length);
      for (const { request, body, requestId } of errors) {
        const code = linesOf(requestId).find((line) => line.code)?.code ?? 'none in the log';
        expect([request, body]).toEqual([request, expect.stringContaining(requestId)]);
        expect([request, body]).toEqual([request, expect.stringContaining(code)]);
      }
    });
  });
});

/** Each trouble as a person meets it, and as a program does; gives the code that each was told. */
async function tellTroubles(story: Story): Promise<string[]> {
  const codes: string[] = [];
  for (const trouble of TROUBLES) {
    const page = await (await story.fail(trouble, story.browser())).text();
    codes.push(/<code>(\w+)<\/code>/.exec(page)?.[1] ?? page);
    const answer = await story.fail(trouble, story.browser('application/json'));
    codes.push(problem.parse(await answer.json()).code);
  }
  return codes;
}
