import { execFile } from 'node:child_process';
import { access, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGE = join(ROOT, 'node_modules/@sparticuz/chromium');
const UNPACKED = join(PACKAGE, 'unpacked');
const UNPACK = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;

/** The machine's fonts and the package's own, which comes first, so that pages look alike everywhere. */
const FONTS_CONF = `<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts/fonts</dir>
  <cachedir prefix="relative">fonts-cache</cachedir>
  <alias binding="strong">
    <family>system-ui</family>
    <prefer><family>Open Sans</family></prefer>
  </alias>
</fontconfig>
`;

/** The Chromium that came through npm. */
export interface PackagedChromium {
  readonly executablePath: string;
  readonly fontsConf: string;
  /** NSS and its kin, for machines that have none. */
  readonly librariesDir: string;
}

/** Unpacks it at the first call, beside its package; it runs on Linux with x64 alone. */
export async function packagedChromium(): Promise<PackagedChromium> {
  if (!(await exists(UNPACKED))) await unpack();
  return {
    executablePath: join(UNPACKED, 'chromium'),
    fontsConf: join(UNPACKED, 'fonts.conf'),
    librariesDir: join(UNPACKED, 'al2023/lib'),
  };
}

/**
 * The package unpacks into the temporary folder and takes a file that is half written for a whole one.
 * Here each process unpacks into a folder of its own, and the first to finish gives it its name.
 */
async function unpack(): Promise<void> {
  const own = await mkdtemp(`${UNPACKED}-`);
  const env = {
    ...process.env,
    TMPDIR: own,
    // The libraries come out only where the package believes to be at AWS.
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  };
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    cwd: ROOT,
    env,
  });
  await writeFile(join(own, 'fonts.conf'), FONTS_CONF);
  try {
    await rename(own, UNPACKED);
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if (!(await exists(UNPACKED))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
