import { isLoopbackHost } from '../common/loopback.js';
import { Secret } from '../common/secret.js';

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
  /** Verified TLS, or none, which only this machine itself gets. */
  readonly tls: false | { readonly caPath: string | undefined };
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
  const sslmode = url.searchParams.get('sslmode');
  const caPath = url.searchParams.get('sslrootcert') ?? undefined;
  const plain = local && (sslmode === null || sslmode === 'disable') && !caPath;
  return { ...parts, tls: plain ? false : { caPath } };
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
