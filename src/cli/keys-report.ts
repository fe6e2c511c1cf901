import type {
  KeySurvey,
  RotationProgress,
  UnreadableConnection,
} from '../connections/key-rotation.js';
import type { UnsealReason } from '../connections/sealer.js';

const MOST_IDS_SHOWN = 10;

const REASON_WORDS = {
  unknown_key: 'their key is not in ENCRYPTION_KEYS; put it back, and they open again',
  not_authentic: 'they were altered, or moved from another row; the person has to connect again',
  malformed: 'they were cut or altered; the person has to connect again',
} as const satisfies Record<UnsealReason, string>;

/** What `status` prints, line by line: each key with the connections that need it, and what does not open. */
export function describeSurvey(survey: KeySurvey, keyIds: readonly string[]): readonly string[] {
  const [newest] = keyIds;
  const uses = [...survey.connectionsByKeyId].map(([keyId, connections]) => {
    const need = `${keyId}: ${countConnections(connections)}`;
    if (keyId === newest) return `${need} (the newest: it seals)`;
    if (!keyIds.includes(keyId)) return `${need} (not in ENCRYPTION_KEYS)`;
    return connections === 0
      ? `${need} (can leave ENCRYPTION_KEYS, once no running program seals with it)`
      : `${need} (older: npm run keys -- rotate)`;
  });
  return [...uses, ...describeUnreadable(survey.unreadable)];
}

/** What `rotate` prints at its end. */
export function describeRotation(end: RotationProgress, newestKeyId: string): readonly string[] {
  if (end.unreadable.length > 0) return describeUnreadable(end.unreadable);
  return [
    `All tokens are under ${newestKeyId}. Once every running program seals with it, older keys can leave ENCRYPTION_KEYS.`,
  ];
}

/** One line for each reason why tokens do not open, with the ids of some connections; none where all do. */
function describeUnreadable(unreadable: readonly UnreadableConnection[]): readonly string[] {
  const byReason = Map.groupBy(unreadable, ({ reason }) => reason);
  return [...byReason].map(([reason, connections]) => {
    const ids = connections.slice(0, MOST_IDS_SHOWN).map(({ id }) => id);
    const more = connections.length > ids.length ? ', …' : '';
    return `The tokens of ${countConnections(connections.length)} cannot be opened: ${REASON_WORDS[reason]}: ${ids.join(', ')}${more}`;
  });
}

function countConnections(connections: number): string {
  const noun = connections === 1 ? 'connection' : 'connections';
  return `${connections.toLocaleString('en-GB')} ${noun}`;
}
