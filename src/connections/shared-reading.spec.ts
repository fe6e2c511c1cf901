import { SharedReading } from './shared-reading.js';

describe('A shared reading', () => {
  let begun: { readonly id: string; readonly end: PromiseWithResolvers<string> }[];
  let reading: SharedReading<string>;

  beforeEach(() => {
    begun = [];
    reading = new SharedReading((id) => {
      const end = Promise.withResolvers<string>();
      begun.push({ id, end });
      return end.promise;
    });
  });

  const end = (index: number, text: string) => begun[index]?.end.resolve(text);
  const turn = () => new Promise(setImmediate);

  it('is one for all who ask at once, and one for each row', async () => {
    const told = Promise.all(['a', 'a', 'b', 'a'].map((id) => reading.of(id)));
    await turn();
    expect(begun.map(({ id }) => id)).toEqual(['a', 'b']);
    end(0, 'row a');
    end(1, 'row b');
    expect(await told).toEqual(['row a', 'row a', 'row b', 'row a']);
  });

  it('answers nobody who asked after it began', async () => {
    const early = reading.of('a');
    await turn();
    const late = [reading.of('a'), reading.of('a')];
    end(0, 'before');
    expect(await early).toBe('before');
    await turn();
    end(1, 'after');
    expect(await Promise.all(late)).toEqual(['after', 'after']);
    expect(begun).toHaveLength(2);
  });

  it('goes on after one that failed', async () => {
    const failed = reading.of('a');
    await turn();
    const later = reading.of('a');
    begun[0]?.end.reject(new Error('away'));
    await expect(failed).rejects.toThrow('away');
    await turn();
    end(1, 'back');
    expect(await later).toBe('back');
  });
});
