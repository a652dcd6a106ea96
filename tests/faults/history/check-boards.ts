import * as Y from 'yjs';

import { recordOf, root } from '#shared/board/document.ts';
import { boardToJson } from '#shared/board/read-board.ts';
import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';

import { sharedCard } from '../officer/board-hand.ts';
import type { Problems } from './check-log.ts';
import type { Ledger } from './ledger.ts';
import { contentsOf, Ranges } from './ranges.ts';
import type { StoredRecord } from './read-record.ts';

/** Also what is deleted without an entry that says so: whatever was put into something deleted before. */
function deletedIn(doc: Y.Doc): Ranges {
  const deletes = new Ranges();
  for (const [client, items] of Y.createDeleteSetFromStructStore(doc.store).clients)
    deletes.add(items.map(({ clock, len }) => ({ client, from: clock, to: clock + len })));
  return deletes;
}

export type BoardReplay = {
  readonly doc: Y.Doc;
  readonly brings: Ranges;
  readonly deletes: Ranges;
  /** Seq by which each range had come. */
  readonly seqOf: Map<string, number>;
  readonly problems: Problems;
};

/** The board from its entries alone, one after the other: each must stand on those before it and bring nothing twice. */
export function replayBoard(record: StoredRecord, board: string, ledger: Ledger): BoardReplay {
  const doc = new Y.Doc();
  const brings = new Ranges();
  const problems: Problems = [];
  const owners = new Map<number, string>();
  // Whoever wrote it sends it first; a stock client that comes again sends what others wrote as well.
  for (const { officer, brings: own } of ledger.sent)
    for (const { client } of own) if (!owners.has(client)) owners.set(client, officer);
  const next = new Map<number, number>();
  const seqOf = new Map<string, number>();
  for (const { seq, kind, object_id, officer_id, payload } of record.entries) {
    if (kind !== 'board.updated' || object_id !== board || payload === null) continue;
    const contents = contentsOf(payload);
    for (const { client, from, to } of contents.brings) {
      const due = next.get(client) ?? 0;
      if (from < due) problems.push(`entry ${seq} brings ${client}:${from} a second time`);
      if (from > due)
        problems.push(`entry ${seq} brings ${client}:${from}, and ${due} to ${from} are missing`);
      next.set(client, Math.max(due, to));
      seqOf.set(`${client}:${from}`, seq);
      const by = officer_id === null ? undefined : record.officers.get(officer_id);
      const author = owners.get(client);
      if (author !== undefined && by !== author)
        problems.push(`entry ${seq} is ${by}'s, and ${author} wrote it`);
    }
    brings.add(contents.brings);
    Y.applyUpdate(doc, payload);
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
      problems.push(`entry ${seq} stands on something that is not before it`);
  }
  return { doc, brings, deletes: deletedIn(doc), seqOf, problems };
}

/** Whatever the hub acknowledged or showed is on the record, where it said. */
export function checkPromises(replay: BoardReplay, ledger: Ledger): Problems {
  const problems: Problems = [];
  for (const { officer, brings, deletes, acknowledgedBelow } of ledger.acknowledged) {
    for (const { client, from } of replay.brings.lacks(brings))
      problems.push(
        `LOST: ${officer} was told that ${client}:${from} is on the record up to ${acknowledgedBelow}`,
      );
    for (const { client, from } of replay.deletes.lacks(deletes))
      problems.push(`LOST: ${officer} was told that the deletion of ${client}:${from} is on the record`);
    for (const { client, from } of brings) {
      const seq = replay.seqOf.get(`${client}:${from}`);
      if (seq !== undefined && seq > (acknowledgedBelow ?? 0))
        problems.push(`${client}:${from} was acknowledged below ${acknowledgedBelow} and stands at ${seq}`);
    }
  }
  for (const [officer, told] of ledger.told) {
    for (const { client, from, to } of replay.brings.lacks(told.brings.all()))
      problems.push(`SHOWN AND LOST: ${officer} was shown ${client}:${from} to ${to}`);
    for (const { client, from, to } of replay.deletes.lacks(told.deletes.all()))
      problems.push(`SHOWN AND LOST: ${officer} was shown the deletion of ${client}:${from} to ${to}`);
  }
  return problems;
}

/** What people did, in their own terms: each acknowledged word once, each card there, each deleted card gone. */
export function checkEdits({ doc, brings, deletes }: BoardReplay, ledger: Ledger): Problems {
  const problems: Problems = [];
  const held = recordOf(doc, 'cards', sharedCard)?.get('text');
  const words = held instanceof Y.Text ? held.toString() : '';
  const cards = root(doc, 'cards');
  const { brings: acknowledged, deletes: gone } = ledger.acknowledgedContents();
  for (const { what, token, structs, deletes: deleted, officer } of ledger.edits) {
    const due = structs === null ? gone.lacks(deleted).length === 0 : acknowledged.has(structs);
    const there = structs === null ? deletes.lacks(deleted).length === 0 : brings.has(structs);
    if (due && !there) problems.push(`LOST: ${officer}'s ${what} ${token}`);
    if (what === 'word') {
      const times = words.split(token).length - 1;
      if (times !== (there ? 1 : 0)) problems.push(`${officer}'s word ${token} stands ${times} times`);
    }
    if (what === 'card' && there !== cards.has(token)) problems.push(`${officer}'s card ${token}: ${there}`);
    if (what === 'deletion' && due && cards.has(token))
      problems.push(`${officer} deleted ${token}, and it is back`);
  }
  return problems;
}

/** Everybody has the same board, and it is the one of the record. */
export function checkReplicas(doc: Y.Doc, boards: ReadonlyMap<string, Json>): Problems {
  const record = canonicalJson(boardToJson(doc));
  return [...boards]
    .filter(([, board]) => canonicalJson(board) !== record)
    .map(([officer]) => `the board of ${officer} is not the board of the record`);
}
