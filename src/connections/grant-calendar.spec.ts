import { grantCalendar } from './grant-calendar.js';

describe('grantCalendar', () => {
  const now = Date.UTC(2026, 0, 1);
  const datesOf = (kind: 'classic' | 'scoped') =>
    Object.values(grantCalendar(kind, now, 864_000)).map((ms: number) =>
      new Date(ms).toISOString().slice(0, 10),
    );

  it('gives a Classic grant 210 days without use, and three years', () => {
    expect(datesOf('classic')).toEqual(['2026-01-11', '2026-07-30', '2028-12-31']);
  });

  it('gives a Scoped grant 30 days without use, and a year', () => {
    expect(datesOf('scoped')).toEqual(['2026-01-11', '2026-01-31', '2027-01-01']);
  });
});
