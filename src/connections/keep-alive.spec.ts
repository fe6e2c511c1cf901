import { AppError } from '../common/app-error.js';
import { AccessTokens } from './access-tokens.js';
import { KeepAlive } from './keep-alive.js';
import { RefreshStore } from './refresh-store.js';

describe('KeepAlive', () => {
  /** So many are due; those before `failing` cannot be refreshed, and so stay due. */
  const keepAliveOf = ({ due, failing }: { due: number; failing: number }) => {
    const left = Array.from({ length: due }, (_, index) => index);
    const asked: number[] = [];
    const store: Pick<RefreshStore, 'findDue'> = {
      findDue: async (limit) => left.slice(0, limit).map(String),
    };
    const accessTokens: Pick<AccessTokens, 'keepAlive'> = {
      keepAlive: async (id) => {
        asked.push(Number(id));
        if (Number(id) < failing) throw new AppError('pagerduty_unavailable', 'is down');
        left.splice(left.indexOf(Number(id)), 1);
      },
    };
    const keepAlive = new KeepAlive(
      Object.assign(Object.create(RefreshStore.prototype), store),
      Object.assign(Object.create(AccessTokens.prototype), accessTokens),
    );
    return { keepAlive, asked };
  };

  it('reaches those that are due behind many that fail', async () => {
    const { keepAlive } = keepAliveOf({ due: 450, failing: 230 });
    expect(await keepAlive.run()).toEqual({ kept: 220, failed: 230 });
  });

  it('asks for each once in a round', async () => {
    const { keepAlive, asked } = keepAliveOf({ due: 450, failing: 230 });
    await keepAlive.run();
    expect(new Set(asked).size).toBe(450);
    expect(asked).toHaveLength(450);
  });
});
