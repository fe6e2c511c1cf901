import type { ErrorCode } from '../common/app-error.js';
import { ERROR_WORDS } from './error-words.js';
import type { DetailPart, ErrorPage, PageFrame } from './view-models.js';

/** A failure as the page needs it; an `AppError` brings the first three. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
  /** A path of ours that starts the same flow again. */
  readonly tryAgainHref?: string | undefined;
}

/** The model of `error.eta`. */
export function presentError(frame: PageFrame, facts: ErrorFacts): ErrorPage {
  const { code, status, requestId, tryAgainHref } = facts;
  const detail = partsOf(facts.detail);
  return { ...frame, code, status, detail, requestId, tryAgainHref, ...ERROR_WORDS[code] };
}

/** Splitting by a pattern with one group puts what the group caught at the odd places. */
function partsOf(detail: string): DetailPart[] {
  return detail.split(/`([^`]+)`/).map((text, index) => ({ text, isCode: index % 2 === 1 }));
}
