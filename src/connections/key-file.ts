import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { SettingsError } from '../common/parse-env.js';

const withCode = z.object({ code: z.string() }).catch({ code: 'unknown' });

/**
 * Makes a file with one fresh key, for its owner alone, unless there is one already.
 * @throws SettingsError where there is none and none can be made
 */
export function ensureKeyFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    placeOnce(path, `k1:${randomBytes(32).toString('base64')}\n`);
  } catch (error) {
    if (existsSync(path)) return;
    const { code } = withCode.parse(error);
    throw new SettingsError([`ENCRYPTION_KEYS: is not set, and ${path} cannot be made (${code})`]);
  }
}

/** The file appears whole and only once: of two programs that start together, both read what the first wrote. */
function placeOnce(path: string, text: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, path);
  } finally {
    rmSync(draft);
  }
}
