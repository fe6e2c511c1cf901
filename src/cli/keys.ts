import { loadDotEnv } from '../common/load-dot-env.js';
import { explain } from './explain.js';
import { runKeysCommand } from './keys-command.js';

try {
  loadDotEnv();
  process.exitCode = await runKeysCommand(process.argv.slice(2), process.stdout);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
