/** The code of a failure that the system or Node reports, such as `ENOENT`. */
export function systemErrorCode(error: unknown): string | undefined {
  // Not `instanceof Error`: a failure may come from another realm, as under Jest.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
