import * as Y from 'yjs';

import type { Json } from '#shared/kernel/canonical-json.ts';

import { type Fields, fieldsOf } from './change.ts';
import { type Origin, root, setChanged } from './document.ts';
import { writeText } from './text-edit.ts';

const roots = ['frames', 'cards', 'links'] as const;

/**
 * Brings a board, or only the given records of it, back to an earlier state as one new edit on top of everything
 * since: nothing that happened in between is undone on the record. `earlier` is what `boardToJson` gave then. What
 * cannot be read, then or now, is left as it lies. [CB-22]
 */
export function restoreBoard(
  doc: Y.Doc,
  earlier: Json,
  which: 'all' | ReadonlySet<string>,
  origin: Origin,
): void {
  const then = fieldsOf(earlier) ?? {};
  doc.transact(() => {
    for (const name of roots) {
      const records = fieldsOf(then[name] ?? null) ?? {};
      const held = root(doc, name);
      const wanted = (id: string) => which === 'all' || which.has(id);
      for (const [id, record] of Object.entries(records)) {
        const fields = fieldsOf(record);
        if (wanted(id) && fields !== null && isPlain(fields)) restoreRecord(held, id, fields);
      }
      for (const id of [...held.keys()]) {
        if (wanted(id) && records[id] === undefined && held.get(id) instanceof Y.Map) held.delete(id);
      }
    }
  }, origin);
}

function restoreRecord(held: Y.Map<unknown>, id: string, fields: Fields): void {
  const now = held.get(id);
  if (now !== undefined && !(now instanceof Y.Map)) return;
  if (now === undefined) {
    const record = new Y.Map<unknown>();
    for (const [field, value] of Object.entries(fields))
      record.set(field, field === 'text' ? new Y.Text(String(value)) : value);
    held.set(id, record);
    return;
  }
  const { text, ...rest } = fields;
  setChanged(now, rest);
  const words = now.get('text');
  if (typeof text === 'string' && words instanceof Y.Text) writeText(words, text);
}

/** Nothing in it stands for what JSON cannot say: `boardToJson` marks that with `$`. */
export function isPlain(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return !('$' in value) && Object.values(value).every((one) => isPlain(one));
}
