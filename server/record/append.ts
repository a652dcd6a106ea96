import { createHash } from 'node:crypto';
import {
  type Append,
  type AppendAtOnce,
  type AppendTo,
  type Beside,
  EpochMoved,
  type Fact,
  type LogId,
  type Recorded,
} from '#server/platform/facts.ts';
import { oneRow, planOnce, type RawBuilder, sql, type Tx } from '#server/platform/storage/store.ts';
import { eventKinds } from '#shared/contracts/event-kinds.ts';
import { canonicalBytes } from '#shared/kernel/canonical-json.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';
import { commitPayload, encodeEntry, SALT_LENGTH } from '#shared/record/entry.ts';
import { leafHash } from '#shared/record/tree.ts';

type Deps = { readonly clock: Clock; readonly random: Random };
const HASH = 32;

type LogRow = { origin: string; head: number; epoch: number; last_ms: number };

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/**
 * The record's one writer. Entries are encoded for the head this node believes in and written by one statement that
 * moves the head only if it and the epoch are still so; a miss takes the row lock and encodes again. [RC-28] [RC-29]
 */
export function makeAppend(deps: Deps): Append {
  return makeAppends(deps).append;
}

/** Both ways to append share what this node believes of each record. */
export function makeAppends({ clock, random }: Deps): { append: Append; appendAtOnce: AppendAtOnce } {
  const believed = new Map<LogId, LogRow>();
  return { append, appendAtOnce };

  async function append(tx: Tx, to: AppendTo): Promise<Recorded[]> {
    invariant(to.facts.length > 0, 'an append of nothing');
    const guess = believed.get(to.log);
    if (guess !== undefined && (to.epoch === null || to.epoch === guess.epoch)) {
      const written = await tryWrite(tx, to, guess);
      if (written !== null) return written;
    }
    const held = await oneRow<LogRow>(
      tx,
      sql`select origin, head, epoch, last_ms from logs where id = ${to.log} for update`,
    );
    invariant(held !== null, 'an append to a record that does not exist');
    believed.set(to.log, held);
    if (to.epoch !== null && held.epoch !== to.epoch) throw new EpochMoved();
    const written = await tryWrite(tx, to, held);
    invariant(written !== null, 'the head moved under its lock');
    return written;
  }

  async function tryWrite(tx: Tx, to: AppendTo, row: LogRow): Promise<Recorded[] | null> {
    const prepared = prepareAll(to, row);
    const answer = await oneRow<Answer>(tx, sql`${planOnce} with ${statement(to, row, prepared)}`);
    if (answer?.written !== prepared.length) return null;
    believe(to, row, prepared);
    return recordedOf(prepared);
  }

  /** A miss forgets what was believed, so that the next append takes the lock and learns. */
  function appendAtOnce(to: AppendTo, beside: Beside): ReturnType<AppendAtOnce> {
    invariant(to.facts.length > 0, 'an append of nothing');
    const row = believed.get(to.log);
    if (row === undefined || (to.epoch !== null && to.epoch !== row.epoch)) return null;
    const prepared = prepareAll(to, row);
    return {
      recorded: recordedOf(prepared),
      async run(tx) {
        const answer = await oneRow<Answer>(
          tx,
          sql`${planOnce} with held as (${beside.hold.rows}), ${statement(to, row, prepared, beside)}`,
        );
        if (answer?.written !== prepared.length) {
          believed.delete(to.log);
          return null;
        }
        believe(to, row, prepared);
        return { asked: answer.asked };
      },
    };
  }

  function prepareAll(to: AppendTo, row: LogRow): Prepared[] {
    const at = Math.max(clock.now(), row.last_ms);
    return to.facts.map((fact, index) => prepare(fact, { log: to.log, row, at, seq: row.head + index }));
  }

  function believe(to: AppendTo, row: LogRow, prepared: readonly Prepared[]): void {
    believed.set(to.log, {
      ...row,
      head: row.head + prepared.length,
      epoch: row.epoch + (to.movesEpoch ? 1 : 0),
      last_ms: prepared.at(-1)?.at ?? row.last_ms,
    });
  }

  function prepare(fact: Fact, place: Place): Prepared {
    const { log, row, at, seq } = place;
    const bytesForm = fact.body instanceof Uint8Array;
    const payload = fact.body instanceof Uint8Array ? fact.body : canonicalBytes(fact.body);
    const salt = random.bytes(32);
    const bytes = encodeEntry(
      {
        log: row.origin,
        at,
        kind: fact.kind,
        verb: eventKinds[fact.kind],
        by: fact.by,
        operation: log === 'hub' ? null : log,
        object: fact.object,
        outcome: fact.outcome,
        compartment: fact.compartment,
        command: fact.command,
      },
      seq,
      commitPayload(salt, payload, sha256),
    );
    return {
      fact,
      seq,
      at,
      bytes,
      leaf: leafHash(bytes, sha256),
      salt,
      payload,
      form: bytesForm ? 'bytes' : 'json',
    };
  }
}

type Place = { readonly log: LogId; readonly row: LogRow; readonly at: number; readonly seq: number };

type Prepared = {
  readonly fact: Fact;
  readonly seq: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  readonly salt: Uint8Array;
  readonly payload: Uint8Array;
  readonly form: 'json' | 'bytes';
};

type Answer = { readonly written: number; readonly asked: number };

function recordedOf(prepared: readonly Prepared[]): Recorded[] {
  return prepared.map(({ seq, leaf }) => ({ seq, leafHash: leaf }));
}

/** Moves the head if head, epoch and time are as believed, and only then writes the entries: the last part of the statement. */
function statement(to: AppendTo, row: LogRow, prepared: readonly Prepared[], beside?: Beside) {
  const held =
    beside === undefined
      ? sql``
      : sql` and (select count(*) from held) = ${beside.hold.count} and not ${beside.unless}`;
  const also = beside === undefined ? sql`` : sql`, also as (${beside.write})`;
  return sql`moved as (
      update logs set head = head + ${prepared.length}, epoch = epoch + ${to.movesEpoch ? 1 : 0},
        last_ms = ${prepared.at(-1)?.at ?? row.last_ms}
      where id = ${to.log} and head = ${row.head} and epoch = ${row.epoch} and last_ms = ${row.last_ms}${held}
      returning 1
    ), ${given(prepared, row.head)}, entered as (
      insert into entries (log_id, seq, at_ms, kind, outcome, officer_id, actor_kind, country, object_kind, object_id,
                           compartment_id, bytes, leaf_hash)
      select ${to.log}, seq, ${prepared[0]?.at ?? row.last_ms}::bigint, kind, outcome, officer_id, actor_kind, country, object_kind,
             object_id, compartment_id, bytes, leaf_hash from given order by seq
      returning log_id, seq
    ), stored as (
      insert into entry_contents (log_id, seq, form, salt, payload)
      select entered.log_id, entered.seq, given.form, given.salt, given.payload
      from entered join given on given.seq = entered.seq
      returning seq
    )${also}
    select (select count(*) from stored)::int as written, ${beside?.ask ?? sql`0`} as asked`;
}

/**
 * The bytes of all entries go over as one value, laid end to end, and are cut apart there: an array of byte strings is
 * written and read as escaped hexadecimal text, which took a quarter of a large commit. docs/decisions/0009
 */
function given(prepared: readonly Prepared[], head: number): RawBuilder<unknown> {
  const column = <T>(of: (one: Prepared) => T): T[] => prepared.map(of);
  const officer = (one: Prepared) => ('officer' in one.fact.by ? one.fact.by.officer : null);
  const country = (one: Prepared) => ('officer' in one.fact.by ? one.fact.by.country : null);
  const { packed, starts } = pack(prepared);
  return sql`given as (
      select ${head}::bigint + t.place - 1 as seq, t.kind, t.outcome, t.officer_id, t.actor_kind, t.country,
             t.object_kind, t.object_id, t.compartment_id, t.form,
             substring(p.bytes from t.start for 32) as leaf_hash,
             substring(p.bytes from t.start + 32 for 32) as salt,
             substring(p.bytes from t.start + 64 for t.entry_size) as bytes,
             substring(p.bytes from t.start + 64 + t.entry_size for t.payload_size) as payload
      from (select ${packed}::bytea as bytes) as p, unnest(
        ${starts}::integer[], ${column((one) => one.bytes.length)}::integer[], ${column((one) => one.payload.length)}::integer[],
        ${column((one) => one.fact.kind)}::text[], ${column((one) => one.fact.outcome)}::text[],
        ${column(officer)}::text[], ${column((one) => one.fact.by.kind)}::text[], ${column(country)}::text[],
        ${column((one) => one.fact.object?.kind ?? null)}::text[], ${column((one) => one.fact.object?.id ?? null)}::text[],
        ${column((one) => one.fact.compartment)}::text[], ${column((one) => one.form)}::text[]
      ) with ordinality as t (start, entry_size, payload_size, kind, outcome, officer_id, actor_kind, country,
                              object_kind, object_id, compartment_id, form, place)
      where exists (select 1 from moved)
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
