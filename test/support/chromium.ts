import { existsSync } from 'node:fs';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { packagedChromium } from './packaged-chromium.js';

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * A real browser: the one at `CHROME_PATH`; else the one that came through npm, where it runs; else
 * one that the machine has. Whoever launches it closes it.
 * @throws AggregateError with the reason for each that would not start
 */
export async function launchChromium(): Promise<Browser> {
  const reasons: unknown[] = [];
  for (const options of await choices()) {
    try {
      // Hinting makes the same letters wider on some machines than on others.
      return await chromium.launch({ ...options, args: ['--font-render-hinting=none'] });
    } catch (error) {
      reasons.push(error);
    }
  }
  throw new AggregateError(reasons, 'No browser starts; set CHROME_PATH to a Chrome or Chromium.');
}

async function choices(): Promise<readonly LaunchOptions[]> {
  const chosen = process.env['CHROME_PATH'];
  if (chosen) return [{ executablePath: chosen }];
  const installed = INSTALLED.filter((path) => existsSync(path));
  return [...(await packaged()), ...installed.map((executablePath) => ({ executablePath }))];
}

/** First with the machine's own libraries, which are kept up to date, then with the package's. */
async function packaged(): Promise<readonly LaunchOptions[]> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  const { executablePath, fontsConf, librariesDir } = await packagedChromium();
  const env = { ...process.env, FONTCONFIG_FILE: fontsConf };
  return [
    { executablePath, env },
    { executablePath, env: { ...env, LD_LIBRARY_PATH: librariesDir } },
  ];
}
