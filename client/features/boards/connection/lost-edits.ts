import * as Y from 'yjs';

import { type Change, changesOf, type Fields, fieldsOf, type RecordKind } from '#shared/board/change.ts';
import { recordOf, root } from '#shared/board/document.ts';
import { recordToJson } from '#shared/board/read-board.ts';
import { isPlain } from '#shared/board/restore.ts';
import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';

import type { Touched } from './touched.ts';

/** What one record said on this page before the record was restored. */
export type LostRecord = {
  readonly record: RecordKind;
  readonly id: string;
  /** As it was here; `null` when it had been deleted. */
  readonly was: Fields | null;
  /** The fields that the restored record lacks; `all` of a record that is new to it. */
  readonly fields: 'all' | ReadonlySet<string>;
  /** This officer had a hand in it, on this page. */
  readonly mine: boolean;
};

/** A lost record held against the board as it is now: there is something to do again. */
export type LostEdit = LostRecord & { readonly wanted: Fields | null; readonly changes: readonly Change[] };

const kinds = [
  ['frames', 'frame'],
  ['cards', 'card'],
  ['links', 'link'],
] as const;
export const rootOf = { frame: 'frames', card: 'cards', link: 'links' } as const;

/**
 * What `old` holds and `now`, the board of the restored record, never had: by what each was made of, not by how it
 * reads, so that whatever was changed since the restore is no loss. `mine` is what this page touched. [CB-30]
 */
export function lostBetween(old: Y.Doc, now: Y.Doc, mine: Touched): LostRecord[] {
  return kinds.flatMap(([name, record]) =>
    [...root(old, name)._map].flatMap(([id, item]): LostRecord[] => {
      const found = lostOf(old, now, { name, id, item });
      if (!found) return [];
      const touched = mine.get(`${name}/${id}`) ?? new Set();
      const own = [...touched].some(
        (field) => field === '*' || found.fields === 'all' || found.fields.has(field),
      );
      return [{ record, id, ...found, mine: own }];
    }),
  );
}

type At = { readonly name: 'frames' | 'cards' | 'links'; readonly id: string; readonly item: Y.Item };

function lostOf(old: Y.Doc, now: Y.Doc, { name, id, item }: At): Pick<LostRecord, 'was' | 'fields'> | null {
  const held = root(now, name)._map.get(id);
  if (item.deleted) {
    const stands = held !== undefined && !held.deleted && knows(old, held);
    return stands ? { was: null, fields: 'all' } : null;
  }
  const record = recordOf(old, name, id);
  const was = record && fieldsOf(recordToJson(record));
  if (!record || !was || !isPlain(was)) return null;
  if (!knows(now, item)) return { was, fields: 'all' };
  const fields = new Set([...record._map].flatMap(([field, one]) => (isLost(one, now) ? [field] : [])));
  return fields.size > 0 ? { was, fields } : null;
}

/** A value that `now` never had, or words of a text that came or went here only. */
function isLost(item: Y.Item, now: Y.Doc): boolean {
  if (item.deleted) return false;
  if (!knows(now, item)) return true;
  const { content } = item;
  if (!(content instanceof Y.ContentType) || !(content.type instanceof Y.Text)) return false;
  for (let at = content.type._start; at !== null; at = at.right) {
    if (!knows(now, at)) return true;
    if (at.deleted && !isDeletedIn(now, at)) return true;
  }
  return false;
}

/** Of each client a document has everything up to a clock. */
function knows(doc: Y.Doc, item: Y.Item): boolean {
  return item.id.clock + item.length <= Y.getState(doc.store, item.id.client);
}

function isDeletedIn(doc: Y.Doc, { id, length }: Y.Item): boolean {
  const structs = doc.store.clients.get(id.client) ?? [];
  return structs.every(
    (one) => one.deleted || one.id.clock + one.length <= id.clock || one.id.clock >= id.clock + length,
  );
}

/** What of it the board does not say at this moment, as changes from now to then. */
export function stillLost(lost: Iterable<LostRecord>, now: Y.Doc): LostEdit[] {
  return [...lost].flatMap((one): LostEdit[] => {
    const value = root(now, rootOf[one.record]).get(one.id);
    if (value !== undefined && !(value instanceof Y.Map)) return [];
    const is = value === undefined ? null : fieldsOf(recordToJson(value));
    const wanted = wantedOf(one, is);
    const changes = changesOf(one.record, one.id, asJson(is), asJson(wanted));
    return changes.length > 0 ? [{ ...one, wanted, changes }] : [];
  });
}

function wantedOf({ was, fields }: LostRecord, is: Fields | null): Fields | null {
  if (was === null || is === null || fields === 'all') return was;
  const back = Object.entries(was).filter(([field]) => fields.has(field));
  return { ...is, ...Object.fromEntries(back) };
}

function asJson(fields: Fields | null): Json | null {
  return fields === null ? null : (JSON.parse(canonicalJson(fields as Json)) as Json);
}

/** The edits as a board, for `restoreBoard`. */
export function boardOf(edits: readonly LostEdit[]): Json {
  const board: Record<string, Record<string, Json>> = { frames: {}, cards: {}, links: {} };
  for (const { record, id, wanted } of edits) {
    const records = board[rootOf[record]];
    if (wanted !== null && records) records[id] = asJson(wanted);
  }
  return board;
}
