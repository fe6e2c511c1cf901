import { grantLifeMs, tokenDates } from './grant-calendar.js';

const ISSUED_AT_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

describe('The dates of a grant', () => {
  const datesOf = (scope: readonly string[]) => {
    const dates = tokenDates(scope, ISSUED_AT_MS, 864_000);
    return [
      dates.access_token_expires_at_ms,
      dates.refresh_deadline_ms,
      ISSUED_AT_MS + grantLifeMs(scope),
    ].map(day);
  };

  it('are 210 days without use and three years for a Classic app', () => {
    expect(datesOf(['openid', 'read'])).toEqual(['2026-01-11', '2026-07-30', '2028-12-31']);
  });

  it('are 30 days without use and a year for a Scoped app', () => {
    expect(datesOf(['openid', 'users.read'])).toEqual(['2026-01-11', '2026-01-31', '2027-01-01']);
  });

  it('spread the keep-alive over a third to a half of the idle time', () => {
    const dueAfterDays = (chance: number) =>
      (tokenDates(['read'], ISSUED_AT_MS, 1, chance).keep_alive_due_at_ms - ISSUED_AT_MS) / DAY_MS;
    expect([dueAfterDays(0), dueAfterDays(0.5), dueAfterDays(1)]).toEqual([70, 87.5, 105]);
  });
});
