import * as Y from 'yjs';

import { invariant } from '#shared/kernel/failures.ts';
import type { Brand } from '#shared/kernel/ids.ts';
import type { Random } from '#shared/kernel/random.ts';
import { newId } from '#shared/kernel/random.ts';

/** One card of a board. Random, so that two people adding at once never meet. */
export type CardId = Brand<string, 'CardId'>;
/** One link between two cards. */
export type LinkId = Brand<string, 'LinkId'>;
/** One named frame around cards. */
export type FrameId = Brand<string, 'FrameId'>;

/** Every root of a board's document. A document with any other root is refused at admission. [CB-1] */
export const rootNames = ['cards', 'links', 'frames', 'meta'] as const;
export type RootName = (typeof rootNames)[number];

/** The document's layout, held in `meta.schema`; absent means 1. Records carry versions of their own. */
export const boardSchema = 1;

/** Who made a change: the one object by which undo, echo and storage tell local edits from others. */
export type Origin = object;

export function root(doc: Y.Doc, name: RootName): Y.Map<unknown> {
  return doc.getMap<unknown>(name);
}

/** Writes `meta`. The hub does this once, in the transaction that creates the board; clients never do. [CB-2] */
export function seedBoard(doc: Y.Doc, origin: Origin): void {
  doc.transact(() => root(doc, 'meta').set('schema', boardSchema), origin);
}

/** `false` when the document was laid out by a later version: show it, but do not write to it. */
export function canWriteSchema(doc: Y.Doc): boolean {
  const schema = root(doc, 'meta').get('schema') ?? boardSchema;
  return schema === boardSchema;
}

export function newCardId(random: Random): CardId {
  return newId<CardId>(random);
}

export function newLinkId(random: Random): LinkId {
  return newId<LinkId>(random);
}

export function newFrameId(random: Random): FrameId {
  return newId<FrameId>(random);
}

/** The record under `id`, or `null` when it is gone or is not one: somebody else may have deleted it a moment ago. */
export function recordOf(doc: Y.Doc, name: RootName, id: string): Y.Map<unknown> | null {
  const record = root(doc, name).get(id);
  return record instanceof Y.Map ? record : null;
}

/** Sets only the fields that differ: every field written is a row kept for ever. */
export function setChanged(record: Y.Map<unknown>, fields: Readonly<Record<string, unknown>>): void {
  invariant(record.doc, 'a record outside its document');
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined && !same(record.get(field), value)) record.set(field, value);
  }
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
