import { z } from 'zod';
import type { Profile, TeamReference } from './profile.js';

const LONGEST_TEXT = /^.{0,256}/su;
const LONGEST_URL = 2_048;

const id = z.string().regex(/^[\x21-\x7e]{1,128}$/);
const email = z.string().min(1).max(320);
const text = z.string().min(1).transform(cutText);
const optionalText = text.optional().catch(undefined);
// A page links to these: any other scheme, such as javascript:, would run there.
const optionalUrl = z
  .url({ protocol: /^https?$/ })
  .max(LONGEST_URL)
  .optional()
  .catch(undefined);

const team = z
  .object({ id, summary: optionalText, name: optionalText, html_url: optionalUrl })
  .transform(({ id: teamId, summary, name, html_url }): TeamReference => ({
    id: teamId,
    name: summary ?? name ?? teamId,
    htmlUrl: html_url,
  }));

const teams = z
  .array(z.unknown())
  .catch([])
  .transform((entries) => entries.flatMap((entry) => team.safeParse(entry).data ?? []));

/**
 * `GET /users/me`: strict about who it is, lenient about the rest, for lists are open and much may be
 * null. Fields that are not named here go no further, above all `http_cal_url` and `web_cal_url`.
 */
export const profileAnswer = z
  .object({
    user: z.object({
      id,
      name: text,
      email,
      role: optionalText,
      job_title: optionalText,
      time_zone: optionalText,
      avatar_url: optionalUrl,
      html_url: optionalUrl,
      teams,
    }),
  })
  .transform(({ user }): Profile => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    jobTitle: user.job_title,
    timeZone: user.time_zone,
    avatarUrl: user.avatar_url,
    htmlUrl: user.html_url,
    teams: user.teams,
  }));

/** By code points: half a surrogate pair is no text. */
function cutText(value: string): string {
  return LONGEST_TEXT.exec(value)?.[0] ?? '';
}
