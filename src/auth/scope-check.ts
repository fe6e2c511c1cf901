import { AppError } from '../common/app-error.js';

/**
 * Compares what PagerDuty granted with what was asked. A scope word that the app may not have is no
 * error for PagerDuty: it silently grants less, and its REST API refuses later.
 * @throws AppError `insufficient_scope`, naming what is missing and the likely fix
 */
export function assertScopesGranted(asked: readonly string[], granted: readonly string[]): void {
  const missing = asked.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return;
  const got = granted.length === 0 ? 'no scope' : `only ${quoted(granted)}`;
  throw new AppError(
    'insufficient_scope',
    `PagerDuty granted ${got}, not ${quoted(missing)}. ${likelyFix(missing)}`,
  );
}

function likelyFix(missing: readonly string[]): string {
  const classic = missing.every((scope) => !scope.includes('.'));
  return classic
    ? 'The app is probably registered as a Scoped one: ask for scopes such as `users.read` in `PD_SCOPE`, or register a Classic app, which knows `read` and `write`.'
    : 'Allow these scopes where the app is registered; a Classic app does not know them: it has `read` and `write`.';
}

const SCOPE_WORD = /^[\w.:-]{1,64}$/;

function quoted(scopes: readonly string[]): string {
  const shown = scopes.filter((scope) => SCOPE_WORD.test(scope)).map((scope) => `\`${scope}\``);
  return new Intl.ListFormat('en').format(shown);
}
