import { type NoteKey, parseVkey } from '#shared/record/keys.ts';

import { keepPin, readPin } from './pinned.ts';

/**
 * The key of the hub's record as this browser saw it first; another one later is not believed. `origin` is that of an
 * operation's record at the same hub.
 */
export function hubKeyOf(vkey: string | null, origin: string): NoteKey | null {
  const name = `${origin.slice(0, origin.lastIndexOf('/op/'))}/hub`;
  const key = parseVkey(vkey ?? '');
  if (vkey === null || key === null || key.name !== name) return null;
  const pin = readPin(name);
  if (pin !== null) return pin.vkey === vkey ? key : null;
  keepPin(name, { vkey, size: 0, root: '', note: null });
  return key;
}
