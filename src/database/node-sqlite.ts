import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { z } from 'zod';
import { AppError } from '../common/app-error.js';
import { storageUnavailable } from './storage-unavailable.js';

/**
 * How long a statement waits for another program that writes. Nothing else runs meanwhile, and
 * requests that come together wait one after the other: a few dozen of them still fail within the
 * promised 2 s. Other programs write for a few milliseconds at a time.
 */
const BUSY_TIMEOUT_MS = 50;
const SQLITE_BUSY = 5;
const sqliteError = z.object({ errcode: z.int() });
const MAX_CACHED_STATEMENTS = 200;
const BINDABLE_TYPES: ReadonlySet<string> = new Set(['string', 'number', 'bigint']);

const PRAGMAS = `
  PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
`;

/**
 * Node's own SQLite in the shape that Kysely's dialect asks for, each statement prepared once.
 * A new file is readable by its owner alone, as is its folder.
 * @throws AppError `storage_unavailable`, here and from each call, with SQLite's error as its cause
 */
export class NodeSqlite implements SqliteDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, NodeSqliteStatement>();

  constructor(path: string) {
    this.#database = orStorageUnavailable(() => {
      if (path !== ':memory:') createPrivateFile(path);
      const database = new DatabaseSync(path);
      database.exec(PRAGMAS);
      return database;
    });
  }

  prepare(sql: string): NodeSqliteStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = new NodeSqliteStatement(
      orStorageUnavailable(() => this.#database.prepare(withEarlyWriteLock(sql))),
    );
    if (this.#statements.size >= MAX_CACHED_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#statements.clear();
    orStorageUnavailable(() => this.#database.close());
  }
}

/** Whether something failed only because another program was writing. */
export function isLockedByAnother(error: unknown): boolean {
  const cause = sqliteError.safeParse(error instanceof AppError ? error.cause : undefined);
  // The lower byte is the reason, the upper ones only tell more about it.
  return cause.success && (cause.data.errcode & 0xff) === SQLITE_BUSY;
}

class NodeSqliteStatement implements SqliteStatement {
  readonly reader: boolean;

  constructor(private readonly statement: StatementSync) {
    this.reader = statement.columns().length > 0;
  }

  all(parameters: readonly unknown[]): unknown[] {
    return orStorageUnavailable(() => this.statement.all(...bindable(parameters)));
  }

  run(parameters: readonly unknown[]): ReturnType<SqliteStatement['run']> {
    return orStorageUnavailable(() => this.statement.run(...bindable(parameters)));
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.all(parameters).values();
  }
}

/** A transaction that reads before it writes would fail at once, not wait, where another program wrote in between. */
function withEarlyWriteLock(sql: string): string {
  return sql === 'begin' ? 'begin immediate' : sql;
}

function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

function bindable(parameters: readonly unknown[]): readonly SQLInputValue[] {
  if (parameters.every(isBindable)) return parameters;
  throw new TypeError('SQLite binds text, numbers, bytes and null only');
}

function isBindable(value: unknown): value is SQLInputValue {
  return value === null || BINDABLE_TYPES.has(typeof value) || ArrayBuffer.isView(value);
}

function orStorageUnavailable<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw storageUnavailable(cause);
  }
}
