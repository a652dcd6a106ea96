import { keep, readKept } from '#client/platform/storage.ts';
import { type NoteKey, parseVkey } from '#shared/record/keys.ts';

import { keepPin, readPin } from './pinned.ts';

/**
 * The key of the hub's record as this browser saw it first; another one later is not believed. `origin` is that of an
 * operation's record at the same hub.
 */
export function hubKeyOf(vkey: string | null, origin: string): NoteKey | null {
  return keyNamed(vkey, `${origin.slice(0, origin.lastIndexOf('/op/'))}/hub`);
}

/** The same where no operation says what the hub is called: by the name this browser saw first. */
export function hubKeyAtFirstSight(vkey: string | null): NoteKey | null {
  const name = parseVkey(vkey ?? '')?.name;
  if (name?.endsWith('/hub') !== true) return null;
  const known = readKept('hub-record');
  if (known === null) keep('hub-record', name);
  return keyNamed(vkey, known ?? name);
}

function keyNamed(vkey: string | null, name: string): NoteKey | null {
  const key = parseVkey(vkey ?? '');
  if (vkey === null || key === null || key.name !== name) return null;
  const pin = readPin(name);
  if (pin !== null) return pin.vkey === vkey ? key : null;
  keepPin(name, { vkey, size: 0, root: '', note: null });
  return key;
}
