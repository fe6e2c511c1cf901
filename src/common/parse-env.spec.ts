import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { findSettingProblems, parseEnv, SettingsError } from './parse-env.js';

const schema = z.object({
  PORT: z.coerce.number({ error: 'must be a number' }).default(5000),
  TOKEN: z.string({ error: 'is required' }).min(8, 'must have at least 8 characters'),
});

const failWith = (error: Error) => () => {
  throw error;
};

const problemsOf = (env: Record<string, string>): readonly string[] =>
  findSettingProblems([() => parseEnv(schema, { secrets: ['TOKEN'], env })]);

describe('parseEnv', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'parse-env-')), 'token');
  beforeAll(() => writeFileSync(file, 'from-a-file\n'));

  it('gives typed values and defaults', () => {
    expect(parseEnv(schema, { env: { TOKEN: 'long enough' } })).toEqual({
      PORT: 5000,
      TOKEN: 'long enough',
    });
  });

  it('takes an empty value for none', () => {
    expect(parseEnv(schema, { env: { PORT: '', TOKEN: 'long enough' } }).PORT).toBe(5000);
  });

  it('reads a secret from the file that NAME_FILE names', () => {
    const { TOKEN } = parseEnv(schema, { secrets: ['TOKEN'], env: { TOKEN_FILE: file } });
    expect(TOKEN).toBe('from-a-file');
  });

  it('names every bad setting and shows no value', () => {
    const problems = problemsOf({ PORT: 'zebra', TOKEN: 'tiger' });
    expect(problems).toEqual(['PORT: must be a number', 'TOKEN: must have at least 8 characters']);
    expect(problems.join()).not.toMatch(/zebra|tiger/);
  });

  it('refuses a secret that is given twice', () => {
    expect(problemsOf({ TOKEN: 'long enough', TOKEN_FILE: file })).toEqual([
      'TOKEN: is set together with TOKEN_FILE; keep one of them',
    ]);
  });

  it('names a secret file that cannot be read, not its path', () => {
    const problems = problemsOf({ TOKEN_FILE: `${file}.missing` });
    expect(problems).toEqual(['TOKEN_FILE: the file it names cannot be read (ENOENT)']);
    expect(problems.join()).not.toContain(file);
  });
});

describe('findSettingProblems', () => {
  it('gathers the problems of all features', () => {
    expect(
      findSettingProblems([
        failWith(new SettingsError(['A: bad'])),
        () => 1,
        failWith(new SettingsError(['B: bad'])),
      ]),
    ).toEqual(['A: bad', 'B: bad']);
  });

  it('lets other failures through', () => {
    expect(() => findSettingProblems([failWith(new TypeError('a bug'))])).toThrow('a bug');
  });
});
