import { ProgressBar } from './progress-bar.js';

const shown = (isTTY: boolean, steps: readonly (readonly [number, number])[]): string => {
  let text = '';
  const output = { isTTY, write: (more: string) => (text += more) };
  const bar = new ProgressBar(output, 'connections');
  for (const [done, total] of steps) bar.show(done, total);
  bar.end();
  return text;
};

describe('ProgressBar', () => {
  it('grows in its own line of a terminal', () => {
    const text = shown(true, [
      [0, 10_000],
      [5000, 10_000],
      [10_000, 10_000],
    ]);
    expect(text.split('\r\u001b[K').slice(1)).toEqual([
      `${'░'.repeat(30)} 0 of 10,000 connections`,
      `${'█'.repeat(15)}${'░'.repeat(15)} 5,000 of 10,000 connections`,
      `${'█'.repeat(30)} 10,000 of 10,000 connections\n`,
    ]);
  });

  it('writes a plain line for each tenth elsewhere', () => {
    const steps = Array.from({ length: 1001 }, (_, done) => [done, 1000] as const);
    const lines = shown(false, steps).split('\n');
    expect(lines).toHaveLength(12);
    expect(lines.slice(0, 3)).toEqual([
      '0 of 1,000 connections',
      '100 of 1,000 connections',
      '200 of 1,000 connections',
    ]);
    expect(lines.slice(-2)).toEqual(['1,000 of 1,000 connections', '']);
  });

  it.each([true, false])('is silent where there is nothing to do; terminal: %s', (isTTY) => {
    expect(shown(isTTY, [[0, 0]])).toBe('');
  });
});
