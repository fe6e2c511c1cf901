import { accountName, type ConnectionFacts } from './present-welcome.js';
import type { DisconnectPage, PageFrame } from './view-models.js';

/** The model of `disconnect.eta`. */
export function presentDisconnect(
  frame: PageFrame,
  connection: Pick<ConnectionFacts, 'subdomain' | 'accountId'>,
): DisconnectPage {
  return { ...frame, account: accountName(connection) };
}
