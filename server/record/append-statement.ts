import type { Beside, Fact, LogId } from '#server/platform/facts.ts';
import { anyLength, planOnce, type RawBuilder, sql } from '#server/platform/storage/store.ts';
import { SALT_LENGTH } from '#shared/record/entry.ts';

const HASH = 32;

/** Where a record is believed to be. */
export type LogRow = { origin: string; head: number; epoch: number; last_ms: number };

/** An entry, encoded for its place. */
export type Prepared = {
  readonly fact: Fact;
  readonly log: LogId;
  readonly seq: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  readonly salt: Uint8Array;
  readonly payload: Uint8Array;
  readonly form: 'json' | 'bytes';
};

/** What is appended to one record, and how far that moves its epoch. */
export type Move = {
  readonly log: LogId;
  readonly row: LogRow;
  readonly prepared: readonly Prepared[];
  readonly epochs: 0 | 1;
};

/**
 * Moves the head of each record that is as believed, in head, epoch and time, and writes the entries of those: one
 * row for each record moved. A record that somebody else is writing is waited for. [RC-28] [RC-29]
 */
export function appendStatement(move: Move): RawBuilder<unknown> {
  return sql`${planOnce} with ${believedHeads([move])}, ${written([move], sql`heads`)} select id from moved`;
}

/**
 * The same for several records, with what stands or falls with them: a row `(place, asked)` for each thing asked of a record
 * that was moved. Waits for nobody, so that no record has to wait for another's writer, and no two nodes for each other: what
 * is locked counts as not being as believed.
 */
export function togetherStatement(moves: readonly Move[], beside: Beside): RawBuilder<unknown> {
  return sql`${planOnce} with ${believedHeads(moves)}, held as (${beside.hold}), barred as (${beside.barred}),
    free as (
      select h.* from heads h join logs l on l.id = h.id
      where l.head = h.head and l.epoch = h.epoch and l.last_ms = h.last_ms
        and not h.id = any(array(select log_id from barred))
      for update of l skip locked
    ), ${written(moves, sql`free`)}, besides as (${beside.write})
    select asked.place, asked.asked from (${beside.ask}) as asked (log_id, place, asked)
    join moved on moved.id = asked.log_id`;
}

function believedHeads(moves: readonly Move[]): RawBuilder<unknown> {
  const column = <T>(of: (one: Move) => T): T[] => moves.map(of);
  return sql`heads as (
      select * from unnest(
        ${anyLength(
          column(({ log }) => log),
          'text',
        )}, ${anyLength(
          column(({ row }) => row.head),
          'bigint',
        )}, ${anyLength(
          column(({ row }) => row.epoch),
          'bigint',
        )},
        ${anyLength(
          column(({ row }) => row.last_ms),
          'bigint',
        )}, ${anyLength(
          column(({ prepared }) => prepared.length),
          'integer',
        )},
        ${anyLength(
          column(({ prepared, row }) => prepared[0]?.at ?? row.last_ms),
          'bigint',
        )}, ${anyLength(
          column(({ epochs }) => epochs),
          'integer',
        )}
      ) as t (id, head, epoch, last_ms, entries, at_ms, epochs)
    )`;
}

/** The head moves only if it, the epoch and the time are as believed; entries are written only where it moved. */
function written(moves: readonly Move[], which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`moved as (
      update logs set head = logs.head + h.entries, epoch = logs.epoch + h.epochs, last_ms = h.at_ms
      from ${which} as h
      where logs.id = h.id and logs.head = h.head and logs.epoch = h.epoch and logs.last_ms = h.last_ms
      returning logs.id, logs.last_ms
    ), ${given(moves.flatMap(({ prepared }) => prepared))}, entered as (
      insert into entries (log_id, seq, at_ms, kind, outcome, officer_id, actor_kind, country, object_kind, object_id,
                           compartment_id, bytes, leaf_hash)
      select log_id, seq, at_ms, kind, outcome, officer_id, actor_kind, country, object_kind, object_id, compartment_id,
             bytes, leaf_hash from given
    ), stored as (
      insert into entry_contents (log_id, seq, form, salt, payload)
      select log_id, seq, form, salt, payload from given
    )`;
}

/**
 * The bytes of all entries go over as one value, laid end to end, and are cut apart there: an array of byte strings is
 * written and read as escaped hexadecimal text, which took a quarter of a large commit. docs/decisions/0009
 */
function given(prepared: readonly Prepared[]): RawBuilder<unknown> {
  const column = <T>(of: (one: Prepared) => T): T[] => prepared.map(of);
  const officer = (one: Prepared) => ('officer' in one.fact.by ? one.fact.by.officer : null);
  const country = (one: Prepared) => ('officer' in one.fact.by ? one.fact.by.country : null);
  const { packed, starts } = pack(prepared);
  return sql`given as (
      select moved.id as log_id, t.seq, moved.last_ms as at_ms, t.kind, t.outcome, t.officer_id, t.actor_kind, t.country,
             t.object_kind, t.object_id, t.compartment_id, t.form,
             substring(p.bytes from t.start for 32) as leaf_hash,
             substring(p.bytes from t.start + 32 for 32) as salt,
             substring(p.bytes from t.start + 64 for t.entry_size) as bytes,
             substring(p.bytes from t.start + 64 + t.entry_size for t.payload_size) as payload
      from (select ${packed}::bytea as bytes) as p, unnest(
        ${anyLength(
          column(({ log }) => log),
          'text',
        )}, ${anyLength(
          column(({ seq }) => seq),
          'bigint',
        )}, ${anyLength(starts, 'integer')},
        ${anyLength(
          column((one) => one.bytes.length),
          'integer',
        )}, ${anyLength(
          column((one) => one.payload.length),
          'integer',
        )},
        ${anyLength(
          column((one) => one.fact.kind),
          'text',
        )}, ${anyLength(
          column((one) => one.fact.outcome),
          'text',
        )},
        ${anyLength(column(officer), 'text')}, ${anyLength(
          column((one) => one.fact.by.kind),
          'text',
        )}, ${anyLength(column(country), 'text')},
        ${anyLength(
          column((one) => one.fact.object?.kind ?? null),
          'text',
        )}, ${anyLength(
          column((one) => one.fact.object?.id ?? null),
          'text',
        )},
        ${anyLength(
          column((one) => one.fact.compartment),
          'text',
        )}, ${anyLength(
          column((one) => one.form),
          'text',
        )}
      ) as t (log_id, seq, start, entry_size, payload_size, kind, outcome, officer_id, actor_kind, country,
              object_kind, object_id, compartment_id, form)
      join moved on moved.id = t.log_id
    )`;
}

/** Leaf hash, salt, entry and payload of each, end to end; where each starts, from 1. */
function pack(prepared: readonly Prepared[]): { packed: Buffer; starts: number[] } {
  const parts = prepared.flatMap(({ leaf, salt, bytes, payload }) => [leaf, salt, bytes, payload]);
  let start = 1;
  const starts = prepared.map(({ bytes, payload }) => {
    const at = start;
    start += HASH + SALT_LENGTH + bytes.length + payload.length;
    return at;
  });
  return { packed: Buffer.concat(parts, start - 1), starts };
}
