import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const UNPACKED = join(ROOT, 'node_modules/@sparticuz/chromium/unpacked');
const UNPACK = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;

/** The Chromium that came through npm. */
export interface PackagedChromium {
  readonly executablePath: string;
  /** NSS and its kin, for machines that have none. */
  readonly librariesDir: string;
  readonly fontsConf: string;
}

/** Unpacks it at the first call, beside its package; it runs on Linux with x64 alone. */
export async function packagedChromium(): Promise<PackagedChromium> {
  if (!existsSync(UNPACKED)) await unpack();
  return {
    executablePath: join(UNPACKED, 'chromium'),
    librariesDir: join(UNPACKED, 'al2023/lib'),
    fontsConf: join(import.meta.dirname, 'fonts.conf'),
  };
}

/**
 * The package unpacks into the temporary folder, and takes what is half written there for the whole.
 * Here each process unpacks into a folder of its own, and the first to finish gives it its name.
 */
async function unpack(): Promise<void> {
  const own = await mkdtemp(`${UNPACKED}-`);
  // The libraries come out only where the package believes that it is at AWS.
  const env = { ...process.env, TMPDIR: own, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  try {
    const script = ['--input-type=module', '--eval', UNPACK];
    await promisify(execFile)(process.execPath, script, { cwd: ROOT, env });
    await rename(own, UNPACKED);
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if (!existsSync(UNPACKED)) throw error;
  }
}
