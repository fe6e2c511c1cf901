import type { ErrorCode } from '../common/app-error.js';
import { ERROR_WORDS } from './error-words.js';
import { presentError } from './present-error.js';

const frame = { appName: 'pagerduty-connect' };
const errorWith = (code: ErrorCode, detail: string) =>
  presentError(frame, { code, status: 403, detail, requestId: 'req-1', tryAgainHref: '/auth' });

describe('presentError', () => {
  it('titles the page with the state, and keeps what finds the log line', () => {
    expect(errorWith('flow_expired', 'It was started 11 minutes ago.')).toMatchObject({
      title: ERROR_WORDS.flow_expired.title,
      code: 'flow_expired',
      status: 403,
      requestId: 'req-1',
      tryAgainHref: '/auth',
    });
  });

  it('shows words in backticks as code, and a lone backtick as it is', () => {
    expect(errorWith('insufficient_scope', 'Not `read` ` now').detail).toEqual([
      { text: 'Not ', isCode: false },
      { text: 'read', isCode: true },
      { text: ' ` now', isCode: false },
    ]);
  });
});

describe('ERROR_WORDS', () => {
  it.each(Object.entries(ERROR_WORDS))('says %s in whole, calm words', (_code, words) => {
    expect(words.title).toMatch(/^[A-Z][^.!]+$/);
    expect(words.advice).toMatch(/\.$/);
    expect(`${words.title} ${words.advice}`).not.toMatch(/oops|sorry|something went wrong/i);
  });

  it('gives no two states the same title', () => {
    const titles = Object.values(ERROR_WORDS).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
