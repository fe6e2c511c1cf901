import { createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

// 32 bytes in base64 are 43 characters and a padding that some tools leave away.
const KEY = /^(?<id>[\w-]{1,32}):(?<base64>[A-Za-z0-9+/]{43}=?)$/;

/** A key that everything sealed goes back to; the key object does not print its bytes. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** `id:base64 of 32 bytes`, comma separated, newest first; a bad one is named by its position alone. */
export const encryptionKeys = z.string().transform((text, context): readonly EncryptionKey[] => {
  const keys = new Map<string, EncryptionKey>();
  for (const [index, entry] of text.split(',').entries()) {
    const { id, base64 } = KEY.exec(entry.trim())?.groups ?? {};
    if (id === undefined || base64 === undefined) {
      context.addIssue(`key ${index + 1} is not id:base64 of 32 bytes`);
    } else if (keys.has(id)) {
      context.addIssue(`key ${index + 1} has the id of an earlier one`);
    } else {
      keys.set(id, { id, key: createSecretKey(base64, 'base64') });
    }
  }
  return [...keys.values()];
});
