import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { systemErrorCode } from './system-error.js';

/** Settings that cannot be used: one sentence for each, naming the setting, never showing its value. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What {@link parseEnv} may be told beside the schema. */
export interface ParseEnvOptions {
  /** Settings that `NAME_FILE` may stand for: a file whose text, less its last line break, is the value. */
  readonly secrets?: readonly string[];
  readonly env?: Environment;
}

/**
 * Reads one feature's settings from the environment; an empty value counts as not set.
 * @throws SettingsError with every problem found, not only the first
 */
export function parseEnv<S extends z.ZodObject>(
  schema: S,
  { secrets = [], env = process.env }: ParseEnvOptions = {},
): z.output<S> {
  const unreadable = new Map<string, string>();
  const raw: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = secrets.includes(name) ? readSecret(name, env, unreadable) : env[name];
    if (value) raw[name] = value;
  }
  const parsed = schema.safeParse(raw);
  // That an unreadable secret is missing as well goes without saying.
  const issues = (parsed.error?.issues ?? []).filter(({ path }) => !unreadable.has(path.join('.')));
  const problems = [...unreadable.values(), ...new Set(issues.map(describeIssue))];
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return parsed.data;
}

/** Runs each factory and gathers what all of them complain about, so that one start shows every mistake. */
export function findSettingProblems(factories: readonly (() => unknown)[]): string[] {
  return factories.flatMap((factory) => {
    try {
      factory();
      return [];
    } catch (error) {
      if (error instanceof SettingsError) return error.problems;
      throw error;
    }
  });
}

function readSecret(
  name: string,
  env: Environment,
  unreadable: Map<string, string>,
): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file) return env[name];
  if (env[name]) {
    unreadable.set(name, `${name}: is set together with ${name}_FILE; keep one of them`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const reason = systemErrorCode(error) ?? 'unreadable';
    unreadable.set(name, `${name}_FILE: the file it names cannot be read (${reason})`);
    return undefined;
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const name = issue.path.join('.');
  return name ? `${name}: ${issue.message}` : issue.message;
}
