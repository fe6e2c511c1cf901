import { z } from 'zod';
import { Sandbox } from './sandbox.js';
import { TestClient } from './testing/test-client.js';

const NOON_MS = Date.parse('2026-03-01T12:00:00Z');
const incidentNumbers = z.object({
  incidents: z.array(z.object({ incident_number: z.number() })),
});

describe('on-call shifts and incidents', () => {
  let sandbox: Sandbox;
  let client: TestClient;
  let robin: string;
  beforeAll(async () => {
    sandbox = await Sandbox.start({ now: () => NOON_MS });
    client = new TestClient(sandbox);
  });
  beforeEach(async () => {
    sandbox.reset();
    robin = (await client.connect('PRB1N0K')).access_token;
  });
  afterAll(() => sandbox.stop());

  const bodyOf = async (path: string) => (await client.api(path, robin)).json();
  const numbersOf = async (query: string) => {
    const { incidents } = incidentNumbers.parse(await bodyOf(`/us/incidents?${query}`));
    return incidents.map(({ incident_number: number }) => number);
  };

  it('tells who is on call now, with nulls for those who always are', async () => {
    const now = {
      schedule: { summary: 'Checkout primary' },
      start: '2026-03-01T05:00:00Z',
      end: '2026-03-01T17:00:00Z',
    };
    const always = { schedule: null, start: null, end: null, escalation_level: 2 };
    const found = await bodyOf('/us/oncalls?user_ids[]=PRB1N0K&include[]=users');
    expect(found).toMatchObject({ oncalls: [now, always] });
  });

  it('tells who will be on call, and of nobody else', async () => {
    const soon = await bodyOf('/us/oncalls?since=2026-03-01T12:00:00Z&until=2026-03-03T12:00:00Z');
    expect(soon).toMatchObject({ oncalls: [{}, {}, { start: '2026-03-02T17:00:00Z' }] });
    expect(await bodyOf('/us/oncalls?user_ids[]=PNOB0DY')).toMatchObject({ oncalls: [] });
  });

  it('finds incidents by person, status, urgency and time', async () => {
    expect(await numbersOf('')).toEqual([4198, 4211, 4217]);
    expect(await numbersOf('user_ids[]=PRB1N0K&sort_by=created_at:desc')).toEqual([4217, 4211]);
    expect(await numbersOf('statuses[]=triggered&statuses[]=resolved')).toEqual([4198, 4217]);
    expect(await numbersOf('urgencies[]=low')).toEqual([4211]);
    expect(await numbersOf('since=2026-03-01T11:00:00Z')).toEqual([4217]);
  });

  it('pages, and tells the total only when asked', async () => {
    expect(await bodyOf('/us/incidents?limit=2')).toMatchObject({
      limit: 2,
      offset: 0,
      more: true,
      total: null,
    });
    const last = await bodyOf('/us/incidents?limit=2&offset=2&total=true');
    expect(last).toMatchObject({ more: false, total: 3, incidents: [{ incident_number: 4217 }] });
  });

  it.each(['limit=101', 'limit=x', 'offset=9999', 'since=yesterday-ish'])(
    'refuses %s with 400 and code 2001',
    async (query) => {
      const answer = await client.api(`/us/incidents?${query}`, robin);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { code: 2001 } });
    },
  );
});
