import { appendFile, mkdir } from 'node:fs/promises';

const FOLDER = 'test-results';

/** How often a trial is run: `TRIALS=full` asks for the figures of the full profile. */
export function rounds(quick: number, full: number): number {
  return process.env['TRIALS'] === 'full' ? full : quick;
}

/** Puts a trial's figures down in `test-results/reliability.txt`. */
export async function tell(figures: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await appendFile(`${FOLDER}/reliability.txt`, `${figures}\n`);
}
