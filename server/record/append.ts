import { createHash } from 'node:crypto';
import {
  type Append,
  type AppendTo,
  type AppendTogether,
  EpochMoved,
  type Fact,
  type LogId,
  type Recorded,
} from '#server/platform/facts.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { eventKinds } from '#shared/contracts/event-kinds.ts';
import { canonicalBytes } from '#shared/kernel/canonical-json.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';
import { commitPayload, encodeEntry } from '#shared/record/entry.ts';
import { leafHash } from '#shared/record/tree.ts';

import {
  appendStatement,
  type LogRow,
  type Move,
  type Prepared,
  togetherStatement,
} from './append-statement.ts';

type Deps = { readonly clock: Clock; readonly random: Random };

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/**
 * The record's one writer. Entries are encoded for the head this node believes in and written by one statement that
 * moves the head only if it and the epoch are still so; a miss takes the row lock and encodes again. [RC-28] [RC-29]
 */
export function makeAppend(deps: Deps): Append {
  return makeAppends(deps).append;
}

/** Both ways to append share what this node believes of each record. */
export function makeAppends({ clock, random }: Deps): { append: Append; appendTogether: AppendTogether } {
  const believed = new Map<LogId, LogRow>();
  return { append, appendTogether: { believes, prepare: prepareTogether } };

  async function append(tx: Tx, to: AppendTo): Promise<Recorded[]> {
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
    const move = prepareMove([to], row);
    const moved = await oneRow(tx, appendStatement(move));
    if (moved === null) return null;
    believe(move);
    return move.prepared.map(recordedOf);
  }

  function believes({ log, epoch }: Pick<AppendTo, 'log' | 'epoch'>): boolean {
    const row = believed.get(log);
    return row !== undefined && (epoch === null || epoch === row.epoch);
  }

  /** A miss forgets what was believed, so that the next append takes the lock and learns. */
  function prepareTogether(
    appends: readonly AppendTo[],
    besideOf: Parameters<AppendTogether['prepare']>[1],
  ): ReturnType<AppendTogether['prepare']> {
    const logs = [...new Set(appends.map(({ log }) => log))];
    const moves = logs.map((log) => {
      const row = believed.get(log);
      const here = appends.filter((to) => to.log === log);
      invariant(row !== undefined && here.every(believes), 'an append to a record that is not believed so');
      return prepareMove(here, row);
    });
    const ahead = new Map(moves.map(({ log, prepared }) => [log, prepared.map(recordedOf)]));
    const recorded = appends.map(({ log, facts }) => ahead.get(log)?.splice(0, facts.length) ?? []);
    return {
      recorded,
      async run(tx) {
        const answers = await rows<{ place: number; asked: number }>(
          tx,
          togetherStatement(moves, besideOf(recorded)),
        );
        const asked = new Map(answers.map((answer) => [answer.place, answer.asked]));
        const stands = new Set(appends.filter((_, place) => asked.has(place)).map(({ log }) => log));
        for (const move of moves) {
          if (stands.has(move.log)) believe(move);
          else believed.delete(move.log);
        }
        return asked;
      },
    };
  }

  /** Entries for what comes first, then for the next: numbered on from where the record is believed to be. */
  function prepareMove(appends: readonly AppendTo[], row: LogRow): Move {
    const [first] = appends;
    const facts = appends.flatMap((to) => to.facts);
    invariant(first !== undefined && facts.length > 0, 'an append of nothing');
    const { log } = first;
    const at = Math.max(clock.now(), row.last_ms);
    const prepared = facts.map((fact, index) => prepare(fact, { log, row, at, seq: row.head + index }));
    return { log, row, prepared, epochs: appends.some(({ movesEpoch }) => movesEpoch) ? 1 : 0 };
  }

  function believe({ log, row, prepared, epochs }: Move): void {
    believed.set(log, {
      ...row,
      head: row.head + prepared.length,
      epoch: row.epoch + epochs,
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
      log,
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

function recordedOf({ seq, leaf }: Prepared): Recorded {
  return { seq, leafHash: leaf };
}
