import { parseEntry } from '#shared/record/entry.ts';

import type { Problems } from './check-log.ts';
import type { Act, Ledger } from './ledger.ts';
import type { StoredRecord } from './read-record.ts';

/** Each answered message and indicator stands once, where the reply said; each unanswered one at most once. */
export function checkActs(record: StoredRecord, ledger: Ledger): Problems {
  const problems: Problems = [];
  const placesOf = new Map<string, number[]>();
  for (const { seq, bytes } of record.entries) {
    const parsed = parseEntry(bytes);
    if (!parsed.ok || parsed.entry.command === null) continue;
    placesOf.set(parsed.entry.command, [...(placesOf.get(parsed.entry.command) ?? []), seq]);
  }
  for (const act of ledger.acts) {
    if (act.refused !== null && !ledger.shutOut.has(act.officer))
      problems.push(`${act.officer}'s ${act.kind} ${act.token} was refused: ${act.refused}`);
    const places = placesOf.get(act.commandId) ?? [];
    problems.push(
      ...checkAct(record, act, places).map((what) => `${act.officer}'s ${act.kind} ${act.token}: ${what}`),
    );
  }
  return problems;
}

function checkAct(record: StoredRecord, act: Act, places: readonly number[]): Problems {
  const { kind, reply, token } = act;
  const rows =
    kind === 'message'
      ? record.messages.filter(({ text }) => text?.includes(token) === true)
      : record.indicators.filter(({ value }) => value.includes(token));
  const problems: Problems = [];
  if (places.length > 1 || rows.length > 1) problems.push(`${places.length} entries and ${rows.length} rows`);
  if (reply === null) return problems;
  const [row] = rows;
  if (places.length === 0 || row === undefined)
    return [`LOST: answered, ${places.length} entries, ${rows.length} rows`];
  if (places[0] !== reply.seq || row.seq !== reply.seq || row.id !== reply.id)
    problems.push(`answered as ${reply.id} at ${reply.seq}, and is ${row.id} at ${places[0]}`);
  const leaf = record.entries[reply.seq]?.leaf_hash.toString('hex');
  if (leaf !== reply.leafHash) problems.push('answered with another leaf hash');
  return problems;
}

/** Nothing stands of somebody who was told to be shut out, from where the record was then. */
export function checkShutOut({ entries, officers }: StoredRecord, { shutOut }: Ledger): Problems {
  const problems: Problems = [];
  for (const { seq, kind, outcome, officer_id } of entries) {
    const officer = officers.get(officer_id ?? '') ?? '';
    const head = shutOut.get(officer) ?? Number.POSITIVE_INFINITY;
    if (outcome === 'ok' && seq >= head && written.has(kind))
      problems.push(`WRITTEN AFTER: ${kind} at ${seq} is of ${officer}, who was shut out at ${head}`);
  }
  return problems;
}

const written: ReadonlySet<string> = new Set(['board.updated', 'message.posted', 'indicator.added']);

/** Handles of officers who were removed and not added again, with the place of the removal. */
export function removalsIn({ entries, officers }: StoredRecord): ReadonlyMap<string, number> {
  const gone = new Map<string, number>();
  for (const { kind, outcome, object_id, seq } of entries) {
    if (outcome !== 'ok') continue;
    const handle = officers.get(object_id ?? '') ?? '';
    if (kind === 'member.removed') gone.set(handle, seq);
    if (kind === 'member.added') gone.delete(handle);
  }
  return gone;
}

/** Board changes travel on the board's own socket; that a record was restored stands in no compartment. */
const unshown: ReadonlySet<string> = new Set(['board.updated', 'record.restored']);

/** What anybody was shown of the room is what the record has there; whoever has it all was shown all of it, once. */
export function checkRooms(record: StoredRecord, ledger: Ledger): Problems {
  const problems: Problems = [];
  const removed = removalsIn(record);
  for (const [officer, { cursor, entries, faults }] of ledger.shown) {
    problems.push(...faults.map((what) => `${officer}: ${what}`));
    for (const { seq, kind, leafHash } of entries) {
      const stored = record.entries[seq];
      if (stored === undefined || stored.kind !== kind || stored.leaf_hash.toString('hex') !== leafHash)
        problems.push(`SHOWN AND LOST: ${officer} was shown ${kind} at ${seq}`);
    }
    const removedAt = removed.get(officer) ?? Number.POSITIVE_INFINITY;
    const late = entries.filter(({ seq }) => seq > removedAt).length;
    if (late > 0) problems.push(`${officer} was shown ${late} entries after the removal at ${removedAt}`);
    const due = record.entries.filter(({ kind, seq }) => !unshown.has(kind) && seq < cursor);
    const had = entries.map(({ seq }) => seq);
    if (JSON.stringify(had) === JSON.stringify(due.map(({ seq }) => seq))) continue;
    const lacks = due.filter(({ seq }) => !had.includes(seq)).map(({ seq, kind }) => `${seq} ${kind}`);
    problems.push(
      `${officer} was shown ${had.length} of the ${due.length} entries before ${cursor}: not ${lacks}`,
    );
  }
  return problems;
}
