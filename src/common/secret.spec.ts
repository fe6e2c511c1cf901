import { format, inspect } from 'node:util';
import { Secret } from './secret.js';

describe('Secret', () => {
  const secret = new Secret('hunter2');

  it('reveals its text when asked', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it.each([
    ['a string', () => String(secret)],
    ['JSON', () => JSON.stringify({ secret })],
    ['inspect', () => inspect({ secret }, { depth: 9, showHidden: true })],
    ['format', () => format('%s %j %o', secret, secret, secret)],
  ])('keeps it out of %s', (_where, print) => {
    expect(print()).toContain('[secret]');
    expect(print()).not.toContain('hunter2');
  });
});
