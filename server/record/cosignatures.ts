import type { LogId } from '#server/platform/facts.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { DeskId, OperationId, WitnessId } from '#shared/kernel/ids.ts';
import type { CosignerKind } from '#shared/policy/cosigners.ts';

import { newestCheckpoint, type StoredCheckpoint } from './checkpoints.ts';

export type Cosignature = {
  readonly log: LogId;
  readonly size: number;
  readonly witness: WitnessId;
  /** POSIX seconds, as the line states them. */
  readonly at: number;
  readonly line: string;
};

/** Handing in the same once more changes nothing. [RC-58] */
export async function keepCosignature(tx: Tx, given: Cosignature, now: number): Promise<void> {
  const { log, size, witness, at, line } = given;
  await sql`insert into cosignatures (log_id, size, witness_id, at_s, line, received_ms)
            values (${log}, ${size}, ${witness}, ${at}, ${line}, ${now}) on conflict do nothing`.execute(tx);
}

/** The checkpoint that was signed at exactly this size; null when none was. */
export function checkpointAt(tx: Tx, log: LogId, size: number): Promise<StoredCheckpoint | null> {
  return oneRow(
    tx,
    sql`select size, root, note, signed_ms from checkpoints where log_id = ${log} and size = ${size}`,
  );
}

/** Whose cosignatures a reader is shown: all, none, those of one desk, or under the hub's note those of one operation. */
export type Reader =
  | 'everybody'
  | 'nobody'
  | { readonly onlyOf: DeskId }
  | { readonly witnessesOf: OperationId };

/** More than any note may have lines; a browser's are left out first. */
const MOST_LINES = 100;

/**
 * The note as it is handed out: the log's own line, then one line of each cosigner, the newest; witnesses by name, then
 * officers' browsers by name and registration. The same cosignatures give the same bytes. [RC-59]
 */
export async function cosignedNote(
  tx: Tx,
  log: LogId,
  { size, note }: Pick<StoredCheckpoint, 'size' | 'note'>,
  reader: Reader,
): Promise<string> {
  return note + (await linesUnder(tx, log, { size, whose: shownTo(reader), first: false }));
}

/**
 * The same with the first line of each cosigner: when they say they saw it. Cosigning afresh does not change it, so a
 * pack made again is the same bytes. [RC-78]
 */
export async function firstCosignedNote(
  tx: Tx,
  log: LogId,
  { size, note }: Pick<StoredCheckpoint, 'size' | 'note'>,
): Promise<string> {
  return note + (await linesUnder(tx, log, { size, whose: sql<boolean>`true`, first: true }));
}

function shownTo(reader: Reader) {
  if (reader === 'everybody' || reader === 'nobody') return sql.lit(reader === 'everybody');
  return 'onlyOf' in reader
    ? sql<boolean>`w.desk_id = ${reader.onlyOf}`
    : sql<boolean>`w.operation_id = ${reader.witnessesOf}`;
}

type Lines = {
  readonly size: number;
  readonly whose: ReturnType<typeof sql<boolean>>;
  readonly first: boolean;
};

async function linesUnder(tx: Tx, log: LogId, { size, whose, first }: Lines): Promise<string> {
  const found = await rows<{ line: string }>(
    tx,
    sql`select line from (
          select distinct on (c.witness_id) c.line, w.kind, w.vkey
          from cosignatures c join witnesses w on w.id = c.witness_id
          where c.log_id = ${log} and c.size = ${size} and ${whose}
          order by c.witness_id, c.at_s * ${first ? 1 : -1}
        ) chosen
        order by kind = 'officer-browser', vkey collate "C" limit ${MOST_LINES}`,
  );
  return found.map(({ line }) => line).join('');
}

export type StoredPolicy = {
  readonly number: number;
  readonly text: string;
  readonly need: number;
  readonly witness_ids: readonly WitnessId[];
  readonly set_by: string;
  /** Of another desk, when a second one had to confirm. */
  readonly asked_by: string | null;
  readonly set_ms: number;
};

export function policyInForce(tx: Tx, log: LogId): Promise<StoredPolicy | null> {
  return oneRow(
    tx,
    sql`select number, text, need, witness_ids, set_by, asked_by, set_ms from quorum_policies
        where operation_id = ${log} order by number desc limit 1`,
  );
}

/** The newest checkpoint that the quorum in force, of this operation or of `operation`, has cosigned; null without one. [RC-59] */
export async function quorumCheckpoint(
  tx: Tx,
  log: LogId,
  operation: LogId = log,
): Promise<StoredCheckpoint | null> {
  const policy = await policyInForce(tx, operation);
  if (policy === null) return null;
  const reached = await oneRow<{ size: number }>(
    tx,
    sql`select size from cosignatures
        where log_id = ${log} and witness_id = any(${policy.witness_ids}::text[])
        group by size having count(distinct witness_id) >= ${policy.need}
        order by size desc limit 1`,
  );
  return reached === null ? null : checkpointAt(tx, log, reached.size);
}

/** Of those that witnesses now at work have cosigned, the one that most of them have, and then the newest. [RC-80] */
export async function mostCosigned(tx: Tx, log: LogId): Promise<StoredCheckpoint | null> {
  const reached = await oneRow<{ size: number }>(
    tx,
    sql`select c.size from cosignatures c join witnesses w on w.id = c.witness_id
        where c.log_id = ${log} and w.kind = 'witness' and w.retired_ms is null
        group by c.size order by count(distinct c.witness_id) desc, c.size desc limit 1`,
  );
  return reached === null ? null : checkpointAt(tx, log, reached.size);
}

/** How long a checkpoint is held out to the witnesses that have not cosigned it yet. */
const ROUND = 20_000;

/**
 * What a witness is to cosign. Whoever asks first gets the newest checkpoint; the others are given that same one until
 * each has cosigned it or the round is over, or no checkpoint of a busy record would ever have a quorum. The witnesses are
 * those of `operation`, also for the hub's own record. [RC-60] [RC-81]
 */
export async function checkpointForWitness(
  tx: Tx,
  log: LogId,
  given: { readonly operation: LogId; readonly since: number; readonly now: number },
): Promise<StoredCheckpoint | null> {
  const { operation, since, now } = given;
  const round = await oneRow<{ size: number }>(
    tx,
    sql`with active as (
          select id from witnesses where operation_id = ${operation} and kind = 'witness' and retired_ms is null
        )
        select c.size from cosignatures c join active a on a.id = c.witness_id
        where c.log_id = ${log} and c.size >= ${since}
        group by c.size
        having count(distinct c.witness_id) < (select count(*) from active) and min(c.received_ms) > ${now - ROUND}
        order by c.size desc limit 1`,
  );
  const held = round === null ? null : await checkpointAt(tx, log, round.size);
  return held ?? newestCheckpoint(tx, log);
}

export type KnownWitness = {
  readonly id: WitnessId;
  readonly kind: CosignerKind;
  readonly vkey: string;
  readonly desk_id: DeskId;
};

/** A key at work in that operation, and not retired until `tx` ends; null when it is not, or was never there. */
export function witnessAtWork(tx: Tx, log: LogId, id: WitnessId): Promise<KnownWitness | null> {
  return oneRow(
    tx,
    sql`select id, kind, vkey, desk_id from witnesses
        where operation_id = ${log} and id = ${id} and retired_ms is null for share`,
  );
}

/** The browser's key of this name and desk, by its public key; null when it is not at work there. */
export function browserAtWork(
  tx: Tx,
  log: LogId,
  given: { readonly desk: DeskId; readonly keyId: string },
): Promise<KnownWitness | null> {
  return oneRow(
    tx,
    sql`select id, kind, vkey, desk_id from witnesses
        where operation_id = ${log} and desk_id = ${given.desk} and kind = 'officer-browser' and retired_ms is null
          and split_part(vkey, '+', 2) = ${given.keyId} for share`,
  );
}
