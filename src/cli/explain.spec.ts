import { AppError } from '../common/app-error.js';
import { SettingsError } from '../common/parse-env.js';
import { explain } from './explain.js';

describe('explain', () => {
  it('gives one line for each bad setting', () => {
    expect(explain(new SettingsError(['A: is required', 'B: must be a number']))).toBe(
      'A: is required\nB: must be a number',
    );
  });

  it("gives a failure's sentence, and in brackets the first cause of it, without its stack", () => {
    const root = new Error('unable to open database file\nand more');
    const cause = new AppError('storage_unavailable', 'The database is away.', { cause: root });
    const error = new AppError('storage_unavailable', 'The migration failed.', { cause });
    expect(explain(error)).toBe('The migration failed. (unable to open database file)');
    expect(explain(new AppError('not_found', 'Nothing is there.'))).toBe('Nothing is there.');
  });

  it('names the code of a cause that has no words', () => {
    const cause = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    const error = new AppError('storage_unavailable', 'The database is away.', { cause });
    expect(explain(error)).toBe('The database is away. (ECONNREFUSED)');
  });

  it('shows the stack of what nobody expects', () => {
    const error = new TypeError('not a function');
    expect(explain(error)).toBe(error.stack);
    expect(explain('thrown text')).toBe('thrown text');
  });
});
