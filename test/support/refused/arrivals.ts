import { UserAgent } from '../user-agent.js';
import { leave, withQuery, type Stage } from './journey.js';

/** This query, whatever PagerDuty sent. */
export const at = (query: string) => (): string => `/callback${query}`;
/** With text behind the honest query. */
export const append = (text: string) => (callback: URL) =>
  callback.pathname + callback.search + text;
/** With one parameter changed. */
export const set = (name: string, value: string) => withQuery((query) => query.set(name, value));
/** With one parameter less. */
export const without = (name: string) => withQuery((query) => query.delete(name));
/** With an error of PagerDuty’s in place of the code. */
export const error = (word: string, also: Readonly<Record<string, string>> = {}) =>
  withQuery((query) => {
    query.delete('code');
    for (const [name, value] of Object.entries({ error: word, ...also })) query.set(name, value);
  });

const flowCookies = ({ browser }: Stage) =>
  [...browser.cookies].filter(([name]) => name.startsWith('flow-'));

/** With the right query, and a flow cookie that was changed. */
export function breakCookie(callback: URL, stage: Stage): string {
  for (const [name, value] of flowCookies(stage))
    stage.browser.plant(name, (value.startsWith('A') ? 'B' : 'A') + value.slice(1));
  return append('')(callback);
}

/** Two honest flows in one browser, each under the other's name. */
export async function swapCookies(callback: URL, stage: Stage): Promise<string> {
  await leave(stage);
  const cookies = flowCookies(stage);
  const values = cookies.map(([, value]) => value).toReversed();
  cookies.forEach(([name], index) => stage.browser.plant(name, values[index] ?? ''));
  return append('')(callback);
}

const elsewhere = ({ running }: Stage): Stage => ({ running, browser: new UserAgent(running.url) });

/** A stranger's code on the victim's own state: PKCE holds the code to the flow that it was made for. */
export async function injectCode(callback: URL, stage: Stage): Promise<string> {
  const strangers = await leave(elsewhere(stage));
  return set('code', strangers.searchParams.get('code') ?? '')(callback);
}

/** The whole callback of a stranger, as in login CSRF. */
export async function visitOfAStranger(_callback: URL, stage: Stage): Promise<string> {
  return append('')(await leave(elsewhere(stage)));
}
