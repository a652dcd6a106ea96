import * as Y from 'yjs';

import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { utf8 } from '#shared/kernel/encoding.ts';

import { type Fields, fieldsOf, nameOf, type RecordKind } from './change.ts';
import { root } from './document.ts';
import { recordToJson } from './read-board.ts';
import { isPlain } from './restore.ts';

/** What a restore does to one record. `bytes` is about what it takes to say so, or to undo it. */
export type RestoreStep = {
  readonly record: RecordKind;
  readonly id: string;
  readonly name: string;
  readonly what: 'back' | 'changed' | 'deleted';
  readonly bytes: number;
};

const kinds = [
  ['frames', 'frame'],
  ['cards', 'card'],
  ['links', 'link'],
] as const;

/** What `restoreBoard` would do now with the same arguments, record by record: nothing else changes. [CB-22] */
export function planRestore(
  doc: Y.Doc,
  earlier: Json,
  which: 'all' | ReadonlySet<string>,
): readonly RestoreStep[] {
  const then = fieldsOf(earlier) ?? {};
  return kinds.flatMap(([name, record]) => {
    const records = fieldsOf(then[name]) ?? {};
    const held = root(doc, name);
    const ids = new Set([...Object.keys(records), ...held.keys()]);
    return [...ids].flatMap((id): RestoreStep[] => {
      if (which !== 'all' && !which.has(id)) return [];
      const step = stepOf(records[id], held.get(id));
      return step ? [{ record, id, ...step }] : [];
    });
  });
}

function stepOf(then: Json | undefined, now: unknown): Omit<RestoreStep, 'record' | 'id'> | null {
  if (now !== undefined && !(now instanceof Y.Map)) return null;
  const is = now === undefined ? null : fieldsOf(recordToJson(now));
  if (then === undefined) return is && { what: 'deleted', name: nameOf(is), bytes: bytesOf(is) };
  const was = fieldsOf(then);
  if (was === null || !isPlain(was)) return null;
  const about = { name: nameOf(was), bytes: Math.max(bytesOf(was), is === null ? 0 : bytesOf(is)) };
  if (is === null) return { what: 'back', ...about };
  return differs(was, is) ? { what: 'changed', ...about } : null;
}

/** More than Yjs takes to write the record anew. */
function bytesOf(record: Fields): number {
  return 200 + utf8(canonicalJson(record)).length;
}

/** Fields that came later are left alone. */
function differs(was: Fields, is: Fields): boolean {
  return Object.entries(was).some(
    ([field, value]) => canonicalJson(value ?? null) !== canonicalJson(is[field] ?? null),
  );
}

/**
 * A restore in parts of about `most` bytes, as sets of record ids: one change of a board has a limit on the wire.
 */
export function partsOf(steps: readonly RestoreStep[], most: number): readonly ReadonlySet<string>[] {
  const parts: Set<string>[] = [];
  let room = 0;
  for (const { id, bytes } of steps) {
    const part = parts.at(-1);
    if (part && bytes <= room) part.add(id);
    else {
      parts.push(new Set([id]));
      room = most;
    }
    room -= bytes;
  }
  return parts;
}
