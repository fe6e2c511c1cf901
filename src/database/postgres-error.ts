import { DatabaseError } from 'pg';
import { systemErrorCode } from '../common/system-error.js';

/** SQLSTATEs after which a connection is of no more use: it broke, or the server ends it. */
const CONNECTION_ENDS = /^(08|57P|25P03|58|XX)/;

/** SQLSTATE class 22, whose sentences repeat the value that was refused. */
const QUOTES_VALUES = /^22/;

/** What may be told of a failure: its code and sentence. The values stand in what is left out. */
export class PostgresError extends Error {
  /** SQLSTATE, or the system's code. */
  readonly code: string | undefined;

  constructor(error: unknown) {
    super(sentenceOf(error));
    this.name = 'PostgresError';
    this.code = systemErrorCode(error);
  }
}

/** Whether the connection that failed so must not be used again; one that timed out may answer late. */
export function endsConnection(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return true;
  return error.code === undefined || CONNECTION_ENDS.test(error.code);
}

function sentenceOf(error: unknown): string {
  const code = systemErrorCode(error);
  if (code !== undefined && QUOTES_VALUES.test(code)) return 'PostgreSQL refused a value';
  if (error instanceof Error && error.message) return error.message;
  return code ?? 'PostgreSQL failed';
}
