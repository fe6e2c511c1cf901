import { ianaTimeZone, presentLocalTime, presentTime } from './present-time.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const nowMs = Date.UTC(2026, 10, 22, 21, 45);

describe('presentTime', () => {
  it.each([
    [0, 'now'],
    [45 * SECOND_MS, 'in 45 seconds'],
    [90 * MINUTE_MS, 'in 90 minutes'],
    [DAY_MS, 'in 24 hours'],
    [10 * DAY_MS, 'in 10 days'],
    [30 * DAY_MS, 'in 30 days'],
    [210 * DAY_MS, 'in 7 months'],
    [365 * DAY_MS, 'in 12 months'],
    [1095 * DAY_MS, 'in 3 years'],
    [-2 * HOUR_MS, '2 hours ago'],
  ])('puts a moment %d ms away as "%s"', (awayMs, relative) => {
    const time = presentTime(nowMs + awayMs, { nowMs, timeZone: 'UTC' });
    expect(time.relative).toBe(relative);
  });

  it('tells the date and time of the zone asked for', () => {
    expect(presentTime(nowMs, { nowMs, timeZone: 'Asia/Tokyo' })).toMatchObject({
      iso: '2026-11-22T21:45:00.000Z',
      absolute: '23 Nov 2026, 06:45',
      full: expect.stringMatching(/^Monday,? 23 November 2026 at 06:45:00 GMT\+9$/),
    });
  });
});

describe('presentLocalTime', () => {
  it('tells weekday and time where the person is', () => {
    expect(presentLocalTime({ nowMs, timeZone: 'America/New_York' })).toBe('Sunday 16:45');
  });
});

describe('ianaTimeZone', () => {
  it.each(['America/New_York', 'Asia/Kolkata', 'UTC'])('knows %s', (name) => {
    expect(ianaTimeZone(name)).toBe(name);
  });

  it.each(['Eastern Time (US & Canada)', 'Mars/Olympus', '', undefined])('refuses %j', (name) => {
    expect(ianaTimeZone(name)).toBeUndefined();
  });
});
