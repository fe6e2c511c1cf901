import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const BUILDS = 'test-results/builds';
const NEST = 'node_modules/@nestjs/cli/bin/nest.js';
const SETTINGS = ['nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

const nestCli = z.looseObject({
  compilerOptions: z.looseObject({ assets: z.array(z.looseObject({ outDir: z.string() })) }),
});

/**
 * Builds the program as `npm run build` does, but aside, once for each state of the sources.
 * @returns the folder of the built program, which nobody changes
 */
export async function buildProgram(): Promise<string> {
  const built = join(BUILDS, await fingerprint());
  if (existsSync(built)) return built;
  await mkdir(BUILDS, { recursive: true });
  const draft = await mkdtemp(join(BUILDS, 'draft-'));
  try {
    await build(draft);
    await rename(join(draft, 'dist'), built);
  } catch (error) {
    // Another suite of this run may have been faster.
    if (!existsSync(built)) throw error;
  } finally {
    await rm(draft, { recursive: true });
  }
  return built;
}

async function build(folder: string): Promise<void> {
  const outDir = join(folder, 'dist');
  const nest = nestCli.parse(JSON.parse(await readFile('nest-cli.json', 'utf8')));
  nest.compilerOptions.assets.forEach((asset) => Object.assign(asset, { outDir }));
  const types = { extends: '../../../tsconfig.build.json', compilerOptions: { outDir: 'dist' } };
  const [nestFile, typesFile] = [join(folder, 'nest-cli.json'), join(folder, 'tsconfig.json')];
  await writeFile(nestFile, JSON.stringify(nest));
  await writeFile(typesFile, JSON.stringify(types));
  await promisify(execFile)(process.execPath, [NEST, 'build', '-c', nestFile, '-p', typesFile]);
}

/** Changes with whatever the build reads. */
async function fingerprint(): Promise<string> {
  const entries = await readdir('src', { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map(({ parentPath, name }) => join(parentPath, name));
  const hash = createHash('sha256');
  for (const path of [...SETTINGS, ...sources.toSorted()])
    hash.update(path).update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}
