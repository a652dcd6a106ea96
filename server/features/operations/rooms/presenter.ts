import { bodyOf, type StoredEntry } from '#server/record/read.ts';
import type { Person } from '#shared/contracts/common.ts';
import { eventKinds } from '#shared/contracts/event-kinds.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { hex } from '#shared/kernel/encoding.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

/** The one translation of an entry for a reader who may see it. */
export function presentEntry(entry: StoredEntry, people: ReadonlyMap<OfficerId, Person>): EntryOnWire {
  return {
    seq: entry.seq,
    at: isoTime(entry.at_ms),
    kind: entry.kind,
    verb: eventKinds[entry.kind],
    by: entry.officer_id === null ? null : (people.get(entry.officer_id) ?? null),
    byKind: entry.actor_kind,
    country: entry.country,
    object:
      entry.object_kind === null || entry.object_id === null
        ? null
        : { kind: entry.object_kind, id: entry.object_id },
    outcome: entry.outcome,
    compartment: entry.compartment_id,
    body: bodyOf(entry),
    size: entry.size,
    leafHash: hex(entry.leaf_hash),
  };
}
