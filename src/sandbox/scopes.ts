/** The two kinds of OAuth app at PagerDuty; each knows its own scope words. */
export type AppKind = 'classic' | 'scoped';

const KNOWN = {
  classic: /^(?:read|write)$/,
  scoped: /^[a-z_]+(?::[a-z_]+)?\.(?:read|write)$/,
} as const satisfies Record<AppKind, RegExp>;

/** Whether this kind of app can be granted this scope word. */
export function isGrantable(word: string, kind: AppKind): boolean {
  return word === 'openid' || KNOWN[kind].test(word);
}

/** What is granted for what was asked: words this kind of app does not know go missing without an error. */
export function reduceScope(asked: string, kind: AppKind): readonly string[] {
  const known = asked.split(' ').filter((word) => isGrantable(word, kind));
  return [...new Set(['openid', ...known])].filter(Boolean);
}

/** Whether a grant opens a REST resource; `read` and `write` of a Classic app open all that is read. */
export function opens(granted: readonly string[], resourceScope: string): boolean {
  return [resourceScope, 'read', 'write'].some((word) => granted.includes(word));
}
