import { once } from 'node:events';
import { cp, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseEnv } from 'node:util';
import { assumeSandbox, isSandboxWanted } from '../src/sandbox-mode.js';
import { Sandbox } from '../src/sandbox/sandbox.js';
import { SETTINGS } from '../src/settings.js';
import { buildProgram } from './support/built-program.js';
import { freePort } from './support/free-port.js';
import { Program, ScratchFolder, type Exit } from './support/program.js';
import { authorize } from './support/sign-in.js';
import { UserAgent } from './support/user-agent.js';

const BUILD_TIMEOUT_MS = 180_000;
const SLOW_CLIENT_TIMEOUT_MS = 40_000;
const APP = { PD_CLIENT_ID: 'client', PD_CLIENT_SECRET: 'canary-of-the-client-secret' };
const KEY = `k1:${Buffer.alloc(32, 'canary').toString('base64')}`;

/** For each setting a value that cannot be used; each holds a word that must not come back. */
const UNUSABLE: Readonly<Record<string, string>> = {
  PORT: 'canary',
  REDIRECT_URI: 'http://canary.example/callback',
  TRUST_PROXY: 'canary',
  PD_CLIENT_ID: 'canary client',
  PD_CLIENT_SECRET: 'canary-one,canary-two,canary-three',
  PD_SCOPE: 'read"canary"',
  PD_IDENTITY_URL: 'http://canary.example',
  PD_API_URL_US: 'https://user:canary@api.example',
  PD_API_URL_EU: 'canary',
  PD_REGION: 'canary',
  PD_ISSUERS: 'https://canary.example,canary',
  DATABASE_URL: 'mysql://canary',
  DATABASE_POOL_SIZE: 'canary',
  DATABASE_CONNECT_TIMEOUT_MS: 'canary',
  DATABASE_STATEMENT_TIMEOUT_MS: 'canary',
  DATABASE_LOCK_TIMEOUT_MS: 'canary',
  ENCRYPTION_KEYS: `${KEY},k2:canary`,
  APP_NAME: 'canary'.repeat(20),
  LOG_LEVEL: 'canary',
  SANDBOX_PORT: 'canary',
};

describe('The built program', () => {
  let build: string;
  let folder: ScratchFolder;

  beforeAll(async () => {
    build = await buildProgram();
  }, BUILD_TIMEOUT_MS);
  beforeEach(async () => {
    folder = await ScratchFolder.make();
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  const launch = (env: Readonly<Record<string, string>>, from = build): Program =>
    Program.launch({ env, build: from, folder: folder.path });
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(folder.path, name);
    await writeFile(path, content);
    return path;
  };
  const freePorts = async () => {
    const [PORT, SANDBOX_PORT] = [String(await freePort()), String(await freePort())];
    return { PORT, SANDBOX_PORT, REDIRECT_URI: `http://localhost:${PORT}/callback` };
  };
  /** How a start that cannot succeed ends, and its complaints by the name that each begins with. */
  const refusal = async (env: Readonly<Record<string, string>>, from = build) => {
    await using program = launch(env, from);
    const { code } = await program.exit;
    const complaints = program.stderr.split('\n').filter(Boolean);
    return {
      code,
      named: sorted(complaints.map((line) => line.split(': ', 1)[0] ?? '')),
      said: program.stdout + program.stderr,
    };
  };

  describe('with .env.example', () => {
    const example = () => readFile('.env.example', 'utf8');

    it('is told of every setting that there is, and of no other', async () => {
      expect(sorted(Object.keys(parseEnv(await example())))).toEqual(await settingNames());
    });

    it('finds a line of explanation above each', async () => {
      const lines = (await example()).split('\n');
      const bare = lines.filter(
        (line, at) => /^\w+=/.test(line) && !lines[at - 1]?.startsWith('# '),
      );
      expect(bare).toEqual([]);
    });

    it('starts with the sandbox, says so, shows the first page, and ends when asked to', async () => {
      await copyFile('.env.example', join(folder.path, '.env'));
      const ports = await freePorts();
      await using program = await launch(ports).opened();
      expect(program.stdout).toContain(
        `sandbox PagerDuty, at http://127.0.0.1:${ports.SANDBOX_PORT}`,
      );
      const page = await (await fetch(`http://localhost:${ports.PORT}/`)).text();
      expect(page).toContain('Connect to PagerDuty');
      expect(page).toContain(`http://127.0.0.1:${ports.SANDBOX_PORT}`);
      expect(await program.terminate()).toEqual({ code: 0, signal: null });
      expect(program.stderr).toBe('');
    });
  });

  describe('with settings that it cannot use', () => {
    const everySetting = async () => Object.keys(parseEnv(await readFile('.env.example', 'utf8')));

    it('names each in a line of its own, all in one start, and shows no value', async () => {
      const { code, named, said } = await refusal(UNUSABLE);
      expect(named).toEqual(sorted(Object.keys(UNUSABLE)));
      expect(said).not.toContain('canary');
      expect(code).toBe(1);
    });

    it('has been tried with each that has a form', async () => {
      const anyTextGoes = ['NODE_ENV', 'HOST'];
      const tried = [...Object.keys(UNUSABLE), ...anyTextGoes];
      expect(sorted(tried)).toEqual(sorted(await everySetting()));
    });

    it.each([
      ['HOST', 'canary.invalid'],
      ['DATABASE_URL', 'sqlite:/dev/null/canary.sqlite'],
    ])('names %s where only its use shows that it is wrong', async (name, value) => {
      const { code, named, said } = await refusal({ ...(await freePorts()), [name]: value });
      expect({ code, named }).toEqual({ code: 1, named: [name] });
      expect(said).not.toContain('canary');
    });

    it('names each secret whose file cannot be read', async () => {
      const files = {
        PD_CLIENT_SECRET_FILE: '/canary/1',
        DATABASE_URL_FILE: '/canary/2',
        ENCRYPTION_KEYS_FILE: '/canary/3',
      };
      const { code, named, said } = await refusal({ ...files, PD_CLIENT_ID: 'client' });
      expect(named).toEqual(sorted(Object.keys(files)));
      expect(said).not.toContain('canary');
      expect(code).toBe(1);
    });

    it('names each secret that is given twice', async () => {
      const { PD_CLIENT_ID, PD_CLIENT_SECRET } = APP;
      const twice = { PD_CLIENT_SECRET, DATABASE_URL: 'sqlite:canary', ENCRYPTION_KEYS: KEY };
      const files = Object.fromEntries(
        Object.keys(twice).map((name) => [`${name}_FILE`, '/canary']),
      );
      const { code, named, said } = await refusal({ PD_CLIENT_ID, ...twice, ...files });
      expect(named).toEqual(sorted(Object.keys(twice)));
      expect(said).not.toContain('canary');
      expect(code).toBe(1);
    });
  });

  describe('in production', () => {
    const NODE_ENV = 'production';
    /** Whatever asked for the sandbox here would fail to find it. */
    const withoutSandbox = async (): Promise<string> => {
      // Beside the build, for packages are looked for from there.
      const bare = `${build}-${process.pid}-without-sandbox`;
      await cp(build, bare, { recursive: true });
      await rm(join(bare, 'sandbox'), { recursive: true });
      return bare;
    };
    let bare: string;

    beforeAll(async () => {
      bare = await withoutSandbox();
    });
    afterAll(() => rm(bare, { recursive: true }));

    it('refuses to start without an app and keys, rather than to fall back to the sandbox', async () => {
      for (const from of [build, bare]) {
        const { code, named, said } = await refusal({ NODE_ENV, ...(await freePorts()) }, from);
        expect(named).toEqual(['ENCRYPTION_KEYS', 'PD_CLIENT_ID', 'PD_CLIENT_SECRET']);
        expect(said).not.toMatch(/sandbox/i);
        expect(code).toBe(1);
      }
    });

    it('does not even have the sandbox, with the secrets from the environment or from files', async () => {
      const inFiles = {
        PD_CLIENT_ID: 'client',
        PD_CLIENT_SECRET_FILE: await file('secret', `${APP.PD_CLIENT_SECRET}\n`),
        ENCRYPTION_KEYS_FILE: await file('keys', `${KEY}\n`),
        DATABASE_URL_FILE: await file('url', `sqlite:${join(folder.path, 'rows.sqlite')}\n`),
      };
      for (const settings of [{ ...APP, ENCRYPTION_KEYS: KEY }, inFiles]) {
        const ports = await freePorts();
        await using program = await launch({ NODE_ENV, ...ports, ...settings }, bare).opened();
        expect((await fetch(`http://localhost:${ports.PORT}/`)).status).toBe(200);
        await expect(fetch(`http://127.0.0.1:${ports.SANDBOX_PORT}/`)).rejects.toThrow(
          'fetch failed',
        );
        expect(await program.terminate()).toEqual({ code: 0, signal: null });
        expect(program.stdout).not.toMatch(/sandbox|canary/i);
      }
    });
  });

  it('finishes the sign-in that is under way when it is asked to end', async () => {
    const ports = await freePorts();
    const sandbox = await Sandbox.start({ redirectUris: [ports.REDIRECT_URI] });
    await using program = await launch({ ...ports, ...sandbox.settings() }).opened();
    const browser = new UserAgent(`http://localhost:${ports.PORT}`);
    const callback = await authorize({ sandbox }, browser);
    const exit = Promise.withResolvers<Exit>();
    sandbox.days.set('users_me', {
      kind: 'tamper',
      json: (profile) => {
        exit.resolve(program.terminate());
        return profile;
      },
    });
    expect((await browser.get(callback)).headers.get('location')).toBe('/welcome');
    expect(await exit.promise).toEqual({ code: 0, signal: null });
    await sandbox.stop();
  });

  it(
    'is held for ever by no client that stops in the middle, by day or when asked to end',
    async () => {
      const halfway = async (port: string): Promise<Socket> => {
        const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
        const type = 'Content-Type: application/x-www-form-urlencoded';
        const half = `POST /logout HTTP/1.1\r\nHost: x\r\n${type}\r\nContent-Length: 9\r\n\r\nhalf`;
        await new Promise<void>((sent) => socket.write(half, () => sent()));
        return socket;
      };
      const [day, end] = [await freePorts(), await freePorts()];
      await using byDay = await launch(day).opened();
      await using ending = await launch(end).opened();
      await halfway(end.PORT);
      const waitedFrom = performance.now();
      const cut = text(await halfway(day.PORT));
      const exit = ending.terminate();
      expect(await cut).toMatch(/^HTTP\/1.1 408 /);
      expect(performance.now() - waitedFrom).toBeLessThan(12_500);
      expect(await exit).toEqual({ code: 0, signal: null });
      expect(performance.now() - waitedFrom).toBeLessThan(15_000);
      expect(byDay.stderr + ending.stderr).toBe('');
    },
    SLOW_CLIENT_TIMEOUT_MS,
  );

  it.each(['PORT', 'SANDBOX_PORT'] as const)(
    'says in one line that %s is in use by another program',
    async (name) => {
      const ports = await freePorts();
      const other = createServer().listen(Number(ports[name]), '127.0.0.1');
      await once(other, 'listening');
      try {
        const { code, said } = await refusal({ ...ports, LOG_LEVEL: 'silent' });
        expect(said).toMatch(new RegExp(`^[^\n]*\\b${name}\\b[^\n]*\n$`));
        expect(code).toBe(1);
      } finally {
        other.close();
      }
    },
  );
});

/** Every name that the program asks its environment for, less what it tells itself and files of secrets. */
async function settingNames(): Promise<string[]> {
  const asked = new Set<string>();
  const { env } = process;
  process.env = new Proxy<NodeJS.ProcessEnv>(
    { ...APP, ENCRYPTION_KEYS: KEY },
    {
      get: (given, name) => {
        asked.add(String(name));
        return Reflect.get(given, name);
      },
    },
  );
  try {
    if (isSandboxWanted(process.env)) assumeSandbox(process.env);
    for (const settings of SETTINGS) settings();
  } finally {
    process.env = env;
  }
  return sorted([...asked].filter((name) => !/_FILE$|^SANDBOX_URL$/.test(name)));
}

function sorted(names: readonly string[]): string[] {
  return names.toSorted((one, other) => one.localeCompare(other));
}
