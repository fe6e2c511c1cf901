import type { Selectable } from 'kysely';
import { z } from 'zod';
import { AppError } from '../common/app-error.js';
import type { ConnectionsTable } from '../database/schema.js';
import { REGIONS } from '../pagerduty/region.js';
import type { Profile } from '../pagerduty/rest/profile.js';
import {
  CONNECTION_STATUSES,
  type Connection,
  type ConnectionStatus,
  type NewGrant,
} from './connection.js';
import { grantLifeMs, tokenDates } from './grant-calendar.js';

/** What a query selects for {@link toConnection}: all but the sealed tokens. */
export const CONNECTION_COLUMNS = [
  'connections.id',
  'connections.owner',
  'connections.status',
  'connections.status_reason',
  'connections.account_id',
  'connections.user_id',
  'connections.subdomain',
  'connections.region',
  'connections.profile',
  'connections.scope',
  'connections.access_token_expires_at_ms',
  'connections.refresh_deadline_ms',
  'connections.grant_ends_at_ms',
  'connections.access_token_issued_at_ms',
  'connections.created_at_ms',
  'connections.updated_at_ms',
  'connections.version',
] as const;

/** A row as {@link CONNECTION_COLUMNS} select it. */
export type ConnectionRow = Pick<Selectable<ConnectionsTable>, ColumnName>;

type ColumnName = (typeof CONNECTION_COLUMNS)[number] extends `connections.${infer Name}`
  ? Name
  : never;

const maybeText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

const profileSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: maybeText,
  jobTitle: maybeText,
  timeZone: maybeText,
  avatarUrl: maybeText,
  htmlUrl: maybeText,
  teams: z.array(z.object({ id: z.string(), name: z.string(), htmlUrl: maybeText })),
}) satisfies z.ZodType<Profile>;

const columnsSchema = z.object({
  status: z.enum(CONNECTION_STATUSES),
  region: z.enum(REGIONS),
  profile: profileSchema,
});

/** A fresh grant's columns, less the row's id and its sealed tokens; of the profile nothing but what it names. */
export function toColumns(grant: NewGrant, nowMs: number) {
  const { identity, profile, scope, tokenSet } = grant;
  return {
    owner: grant.owner,
    account_id: identity.accountId,
    user_id: identity.userId,
    subdomain: identity.subdomain ?? null,
    region: identity.region,
    status: 'active' satisfies ConnectionStatus,
    status_reason: null,
    profile: JSON.stringify(profileSchema.parse(profile)),
    scope: scope.join(' '),
    ...tokenDates(scope, nowMs, tokenSet.expiresInS),
    grant_ends_at_ms: nowMs + grantLifeMs(scope),
    lease_owner: null,
    lease_until_ms: null,
    refresh_started_at_ms: null,
    updated_at_ms: nowMs,
  };
}

/** @throws AppError `internal_error` where the row is not as this program writes it */
export function toConnection(row: ConnectionRow): Connection {
  return {
    ...parseColumns(row),
    id: row.id,
    owner: row.owner,
    statusReason: row.status_reason ?? undefined,
    accountId: row.account_id,
    userId: row.user_id,
    subdomain: row.subdomain ?? undefined,
    scope: row.scope.split(' ').filter(Boolean),
    accessTokenExpiresAtMs: row.access_token_expires_at_ms,
    refreshDeadlineMs: row.refresh_deadline_ms,
    grantEndsAtMs: row.grant_ends_at_ms,
    tokensIssuedAtMs: row.access_token_issued_at_ms ?? row.updated_at_ms,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    version: row.version,
  };
}

function parseColumns(row: ConnectionRow): z.output<typeof columnsSchema> {
  try {
    return columnsSchema.parse({ ...row, profile: JSON.parse(row.profile) });
  } catch (cause) {
    throw new AppError('internal_error', 'A stored connection cannot be read.', { cause });
  }
}
