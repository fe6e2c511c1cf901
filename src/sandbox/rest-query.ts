import { z } from 'zod';
import type { RestShapes } from './rest-shapes.js';

type OnCall = ReturnType<RestShapes['onCalls']>[number];
type Incident = ReturnType<RestShapes['incidents']>[number];

const many = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const momentMs = z
  .string()
  .transform((text) => Date.parse(text))
  .refine(Number.isFinite, 'must be a time');

const restQuery = z
  .object({
    'user_ids[]': many.optional(),
    'statuses[]': many.optional(),
    'urgencies[]': many.optional(),
    since: momentMs.optional(),
    until: momentMs.optional(),
    sort_by: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(100).default(25),
    offset: z.coerce.number().int().min(0).default(0),
    total: z.stringbool().default(false),
  })
  .refine(({ limit, offset }) => offset + limit <= 10_000, 'offset + limit must be at most 10000');

/** The query parameters that the sandbox minds; others, such as `include[]`, are let pass. */
export type RestQuery = z.output<typeof restQuery>;

/** @throws z.ZodError which the server answers with 400 code 2001 */
export function readQuery(query: unknown): RestQuery {
  return restQuery.parse(query);
}

/** Who is on call between `since` and `until`; without them: right now. */
export function selectOnCalls(all: readonly OnCall[], query: RestQuery, nowMs: number): OnCall[] {
  const { since = nowMs, until = since, 'user_ids[]': userIds } = query;
  return all.filter(
    ({ user, start, end }) =>
      isAmong(user.id, userIds) &&
      (start === null || Date.parse(start) <= until) &&
      (end === null || Date.parse(end) > since),
  );
}

/** Oldest first, unless `sort_by=created_at:desc`; `user_ids[]` finds what is assigned to them. */
export function selectIncidents(all: readonly Incident[], query: RestQuery): Incident[] {
  const { since = -Infinity, until = Infinity, 'user_ids[]': userIds } = query;
  const found = all.filter(({ status, urgency, created_at: createdAt, assignments }) => {
    const isTheirs = !userIds || assignments.some(({ assignee }) => userIds.includes(assignee.id));
    const isThen = Date.parse(createdAt) >= since && Date.parse(createdAt) <= until;
    const isWanted = isAmong(status, query['statuses[]']) && isAmong(urgency, query['urgencies[]']);
    return isTheirs && isThen && isWanted;
  });
  const direction = query.sort_by === 'created_at:desc' ? -1 : 1;
  return found.toSorted((a, b) => direction * a.created_at.localeCompare(b.created_at));
}

/** Classic paging: `total` is null unless it was asked for. */
export function paged(name: string, all: readonly object[], { limit, offset, total }: RestQuery) {
  const end = offset + limit;
  const more = end < all.length;
  return { [name]: all.slice(offset, end), limit, offset, total: total ? all.length : null, more };
}

function isAmong(value: string, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || wanted.includes(value);
}
