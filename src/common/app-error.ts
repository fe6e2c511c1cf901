import { HttpStatus } from '@nestjs/common';

/**
 * Every failure that the outside can see, by its stable code, with its usual HTTP status.
 * The codes are a promise to other programs: they are never renamed.
 */
const STATUS_BY_CODE = {
  access_denied: HttpStatus.FORBIDDEN,
  invalid_callback: HttpStatus.BAD_REQUEST,
  state_mismatch: HttpStatus.FORBIDDEN,
  flow_expired: HttpStatus.FORBIDDEN,
  issuer_mismatch: HttpStatus.FORBIDDEN,
  authorization_failed: HttpStatus.BAD_GATEWAY,
  code_rejected: HttpStatus.FORBIDDEN,
  client_rejected: HttpStatus.BAD_GATEWAY,
  insufficient_scope: HttpStatus.FORBIDDEN,
  identity_invalid: HttpStatus.BAD_GATEWAY,
  pagerduty_unavailable: HttpStatus.BAD_GATEWAY,
  rate_limited: HttpStatus.SERVICE_UNAVAILABLE,
  reconnect_required: HttpStatus.CONFLICT,
  unauthorized: HttpStatus.UNAUTHORIZED,
  forbidden: HttpStatus.FORBIDDEN,
  not_found: HttpStatus.NOT_FOUND,
  invalid_request: HttpStatus.BAD_REQUEST,
  storage_unavailable: HttpStatus.SERVICE_UNAVAILABLE,
  internal_error: HttpStatus.INTERNAL_SERVER_ERROR,
} as const satisfies Record<string, HttpStatus>;

/** A stable error code, as in an answer's `code`. */
export type ErrorCode = keyof typeof STATUS_BY_CODE;

/** What an error may carry beside its code and its sentence. */
export interface AppErrorOptions extends ErrorOptions {
  /** Where the code's usual status does not fit, such as 504 for a time-out. */
  readonly status?: number;
  /** Whole seconds after which trying again makes sense: the `Retry-After` header. */
  readonly retryAfterS?: number;
}

/**
 * A failure with a stable code and a `detail` that a person may read: what happened, what it means,
 * what to do. The detail never holds a secret; text from elsewhere in it is escaped where it is shown.
 */
export class AppError extends Error {
  readonly status: number;
  readonly retryAfterS: number | undefined;

  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    options: AppErrorOptions = {},
  ) {
    super(`${code}: ${detail}`, options);
    this.name = new.target.name;
    this.status = options.status ?? STATUS_BY_CODE[code];
    this.retryAfterS = options.retryAfterS;
  }
}
