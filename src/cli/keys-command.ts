import { NestFactory } from '@nestjs/core';
import { httpConfig } from '../common/http.config.js';
import { findSettingProblems, SettingsError } from '../common/parse-env.js';
import { connectionsConfig } from '../connections/connections.config.js';
import { KeyRing } from '../connections/key-ring.js';
import { KeyRotation, type RotationProgress } from '../connections/key-rotation.js';
import { databaseConfig } from '../database/database.config.js';
import { describeRotation, describeSurvey } from './keys-report.js';
import { KeysModule } from './keys.module.js';
import { ProgressBar, type Output } from './progress-bar.js';

const USAGE = `Usage: npm run keys -- status | rotate
  status  which keys the stored tokens are under, and what does not open
  rotate  brings every stored token under the newest key; can be stopped and run again at any time
`;

const ACTIONS: ReadonlyMap<string, typeof status> = new Map([
  ['status', status],
  ['rotate', rotate],
]);

/**
 * Runs `keys status` or `keys rotate` beside whatever else uses the database.
 * @returns the exit code: 0, or 1 where a token cannot be opened
 * @throws SettingsError, AppError `storage_unavailable`
 */
export async function runKeysCommand(words: readonly string[], output: Output): Promise<number> {
  const [word = '', ...rest] = words;
  const action = ACTIONS.get(word);
  if (!action || rest.length > 0) {
    output.write(USAGE);
    return 1;
  }
  const problems = findSettingProblems([httpConfig, connectionsConfig, databaseConfig]);
  if (problems.length > 0) throw new SettingsError(problems);
  const context = await NestFactory.createApplicationContext(KeysModule, {
    logger: false,
    abortOnError: false,
  });
  try {
    return await action(context.get(KeyRotation), context.get(KeyRing), output);
  } finally {
    await context.close();
  }
}

async function status(rotation: KeyRotation, keyRing: KeyRing, output: Output): Promise<number> {
  const survey = await rotation.survey();
  printLines(output, describeSurvey(survey, keyRing.keyIds));
  return survey.unreadable.length === 0 ? 0 : 1;
}

async function rotate(rotation: KeyRotation, keyRing: KeyRing, output: Output): Promise<number> {
  const bar = new ProgressBar(output, 'connections');
  let end: RotationProgress = { total: 0, settled: 0, unreadable: [] };
  for await (const progress of rotation.rotate()) {
    end = progress;
    bar.show(end.settled, Math.max(end.total, end.settled));
  }
  bar.end();
  printLines(output, describeRotation(end, keyRing.newestKeyId));
  return end.unreadable.length === 0 ? 0 : 1;
}

function printLines(output: Output, lines: readonly string[]): void {
  for (const line of lines) output.write(`${line}\n`);
}
