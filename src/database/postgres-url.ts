import { readFileSync } from 'node:fs';
import { isLoopbackHost } from '../common/loopback.js';
import { Secret } from '../common/secret.js';
import { systemErrorCode } from '../common/system-error.js';

const DEFAULT_PORT = 5432;
const SETTINGS = new Set(['sslmode', 'sslrootcert']);
/** Whatever of these is asked for, the certificate is verified: less would be no protection. */
const TLS_MODES = new Set([null, 'require', 'verify-ca', 'verify-full']);

/** Where a PostgreSQL server is reached, and as whom. */
export interface PostgresAddress {
  /** A host, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret | undefined;
  /** TLS, verified by the CA given in PEM or by the well-known ones; or none, which only this machine itself gets. */
  readonly tls: false | { readonly ca: string | undefined };
}

/**
 * Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, where `HOST` may be a percent-encoded folder
 * of a unix socket; gives a sentence that shows nothing of it where it cannot be used.
 */
export function parsePostgresUrl(text: string): PostgresAddress | string {
  const url = URL.parse(text);
  const parts = url && decodeParts(url);
  if (!parts) {
    return 'must be sqlite:PATH, sqlite::memory: or postgres://USER:PASSWORD@HOST:PORT/DATABASE (percent-encode what is special in them)';
  }
  const local = isLoopbackHost(url.hostname) || parts.host.startsWith('/');
  const problem = problemOf(url.searchParams, local);
  if (problem) return problem;
  const caPath = url.searchParams.get('sslrootcert');
  const plain = local && !caPath && [null, 'disable'].includes(url.searchParams.get('sslmode'));
  if (plain || !caPath) return { ...parts, tls: plain ? false : { ca: undefined } };
  try {
    return { ...parts, tls: { ca: readFileSync(caPath, 'utf8') } };
  } catch (error) {
    const reason = systemErrorCode(error) ?? 'unreadable';
    return `names a file by sslrootcert that cannot be read (${reason})`;
  }
}

function decodeParts(url: URL): Omit<PostgresAddress, 'tls'> | undefined {
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) return undefined;
  try {
    const [host, database, user, password] = [
      url.hostname.replace(/^\[(.+)\]$/, '$1'),
      url.pathname.slice(1),
      url.username,
      url.password,
    ].map(decodeURIComponent);
    if (!host || !database || !user) return undefined;
    const port = url.port ? Number(url.port) : DEFAULT_PORT;
    return { host, port, database, user, password: password ? new Secret(password) : undefined };
  } catch {
    return undefined;
  }
}

function problemOf(settings: URLSearchParams, local: boolean): string | undefined {
  if ([...settings.keys()].some((name) => !SETTINGS.has(name))) {
    return 'may carry sslmode and sslrootcert only; take the other parameters out';
  }
  const sslmode = settings.get('sslmode');
  if (TLS_MODES.has(sslmode) || (local && sslmode === 'disable')) return undefined;
  return 'must not weaken TLS, unless the host is this machine: take sslmode out, and where the server’s certificate is from a CA of your own, name the CA’s file by sslrootcert=PATH';
}
