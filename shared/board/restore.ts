import * as Y from 'yjs';

import type { Json } from '#shared/kernel/canonical-json.ts';

import { type Origin, root, setChanged } from './document.ts';
import { writeText } from './text-edit.ts';

type Fields = { readonly [field: string]: Json };
const roots = ['frames', 'cards', 'links'] as const;

/**
 * Brings a board, or only the given records of it, back to an earlier state as one new edit on top of everything
 * since: nothing that happened in between is undone on the record. `earlier` is what `boardToJson` gave then. [CB-22]
 */
export function restoreBoard(
  doc: Y.Doc,
  earlier: Json,
  which: 'all' | ReadonlySet<string>,
  origin: Origin,
): void {
  const then = fieldsOf(earlier);
  doc.transact(() => {
    for (const name of roots) {
      const records = fieldsOf(then[name] ?? {});
      const held = root(doc, name);
      const wanted = (id: string) => which === 'all' || which.has(id);
      for (const [id, record] of Object.entries(records))
        if (wanted(id)) restoreRecord(held, id, fieldsOf(record));
      for (const id of [...held.keys()]) if (wanted(id) && records[id] === undefined) held.delete(id);
    }
  }, origin);
}

function restoreRecord(held: Y.Map<unknown>, id: string, fields: Fields): void {
  const now = held.get(id);
  if (!(now instanceof Y.Map)) {
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

function fieldsOf(value: Json): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
