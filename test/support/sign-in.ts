import type { RunningAppWithSandbox } from './app.js';
import type { UserAgent } from './user-agent.js';

/** Starts a flow, says yes or no at the sandbox, and gives the callback's path and query. */
export async function authorize(
  { sandbox }: Pick<RunningAppWithSandbox, 'sandbox'>,
  browser: UserAgent,
  {
    personId,
    decision,
    returnTo,
  }: { personId?: string; decision?: 'authorize' | 'deny'; returnTo?: string } = {},
): Promise<string> {
  const query =
    returnTo === undefined ? '' : `?${new URLSearchParams({ return_to: returnTo }).toString()}`;
  const start = await browser.get(`/auth${query}`);
  const location = start.headers.get('location');
  if (location === null) throw new Error(`/auth answered ${start.status}`);
  const callback = new URL(await sandbox.decide(location, decision, personId));
  return callback.pathname + callback.search;
}

/** The whole way: afterwards the browser is signed in. */
export async function signIn(
  running: Pick<RunningAppWithSandbox, 'sandbox'>,
  browser: UserAgent,
  choice: { personId?: string; returnTo?: string } = {},
): Promise<Response> {
  return browser.get(await authorize(running, browser, choice));
}
