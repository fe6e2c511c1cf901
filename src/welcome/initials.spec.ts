import * as fc from 'fast-check';
import { initialsOf } from './initials.js';

describe('initialsOf', () => {
  it.each([
    ['Ann Brightwater', 'AB'],
    ['ann', 'A'],
    ['Ana Maria de Souza', 'AS'],
    ['  Zoë   Ångström ', 'ZÅ'],
    ['E\u0301milie', 'É'],
    ['李小龙', '李'],
    ['محمد علي', 'مع'],
    ['"Bob" (he/him)', 'BH'],
    ['🚀 Rocket', 'R'],
    ['👩‍🚒', '👩‍🚒'],
    ['🇳🇴 🔥', '🇳🇴'],
    ['<img src=x onerror=alert(1)> Zoë', 'Z'],
    ['<b>Ann</b> O’Neil', 'AO'],
    ['--', '?'],
    ['', '?'],
  ])('of %j are %j', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });

  it('are never none, and never more than two characters of the name', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const letters = fc.string({ unit: fc.constantFrom('a', 'é', '👩‍🚒', '<', '>', ' ', '-', '9') });
    fc.assert(
      fc.property(letters, (name) => {
        const count = [...graphemes.segment(initialsOf(name))].length;
        expect(count === 1 || count === 2).toBe(true);
      }),
    );
  });
});
