import * as Y from 'yjs';

import { type Origin, type RootName, recordOf, root, rootNames } from '#shared/board/document.ts';
import { writeText } from '#shared/board/text-edit.ts';

/** Which fields of which records: `cards/<id>` to field names, where `*` is the record's coming or going. */
export type Touched = ReadonlyMap<string, ReadonlySet<string>>;

/** What one change touched, by where it lies in the document. */
export function touchedBy(transaction: Y.Transaction): Touched {
  const touched = new Map<string, Set<string>>();
  const note = (record: string, field: string) => {
    touched.set(record, (touched.get(record) ?? new Set()).add(field));
  };
  for (const [type, keys] of transaction.changed) {
    const [name, id, field] = placeOf(transaction.doc, type);
    if (name === null) continue;
    if (id !== null && field !== null) note(`${name}/${id}`, field);
    for (const key of keys) {
      if (key === null || field !== null) continue;
      if (id === null) note(`${name}/${key}`, '*');
      else note(`${name}/${id}`, key);
    }
  }
  return touched;
}

const written: ReadonlySet<string> = new Set(['title', 'text', 'label']);

/** Somebody is typing: words of records that are there, and nothing else. */
export function isTyping(touched: Touched): boolean {
  return [...touched.values()].every((fields) => [...fields].every((field) => written.has(field)));
}

type AnyType = Y.Transaction['changed'] extends Map<infer T, unknown> ? T : never;
type Place = readonly [RootName | null, string | null, string | null];

function placeOf(doc: Y.Doc, type: AnyType): Place {
  const path: string[] = [];
  let at: AnyType = type;
  while (at._item) {
    const { parent, parentSub } = at._item;
    if (!(parent instanceof Y.AbstractType) || parentSub === null) return [null, null, null];
    path.unshift(parentSub);
    at = parent;
  }
  const name = rootNames.find((one) => Object.is(root(doc, one), at)) ?? null;
  return [name, path[0] ?? null, path[1] ?? null];
}

/**
 * Makes the touched fields of `to` say what `from` says. Used when a document had to be begun again under another
 * client id: the officer's edits are written once more, in the same words. [CB-13]
 */
export function carryOver(from: Y.Doc, to: Y.Doc, touched: Touched, origin: Origin): void {
  to.transact(() => {
    for (const [record, fields] of touched) carryRecord(from, to, { record, fields, origin });
  }, origin);
}

type Carried = { record: string; fields: ReadonlySet<string>; origin: Origin };

function carryRecord(from: Y.Doc, to: Y.Doc, { record, fields }: Carried): void {
  const [path, id] = record.split('/');
  const name = rootNames.find((one) => one === path);
  if (!name || id === undefined) return;
  const source = recordOf(from, name, id);
  const target = recordOf(to, name, id);
  if (!source) {
    if (fields.has('*')) root(to, name).delete(id);
    return;
  }
  if (target) carryFields(source, target, fields.has('*') ? new Set(source.keys()) : fields);
  else if (fields.has('*')) root(to, name).set(id, source.clone());
}

function carryFields(source: Y.Map<unknown>, target: Y.Map<unknown>, fields: ReadonlySet<string>): void {
  for (const field of fields) {
    const value = source.get(field);
    const held = target.get(field);
    if (value instanceof Y.Text && held instanceof Y.Text) writeText(held, value.toString());
    else if (value instanceof Y.AbstractType) target.set(field, value.clone());
    else if (value !== undefined && JSON.stringify(value) !== JSON.stringify(held)) {
      target.set(field, value);
    }
  }
}

/** The touched fields in plain words, for the file a person keeps. `null` is a record that was deleted. */
export function describeTouched(doc: Y.Doc, touched: Touched): Record<string, unknown> {
  const described = [...touched].map(([record, fields]) => {
    const [path, id] = record.split('/');
    const name = rootNames.find((one) => one === path);
    const held = name && id !== undefined ? recordOf(doc, name, id) : null;
    if (!held) return [record, null] as const;
    const whole: Record<string, unknown> = held.toJSON();
    const shown = Object.entries(whole).filter(([field]) => fields.has('*') || fields.has(field));
    return [record, Object.fromEntries(shown)] as const;
  });
  return Object.fromEntries(described);
}
