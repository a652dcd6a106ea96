import type { LogId } from '#server/platform/facts.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { EventKind } from '#shared/contracts/event-kinds.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { CompartmentId, OfficerId } from '#shared/kernel/ids.ts';

/** An entry as delivery and review read it; the bytes themselves are read for proofs and exports only. */
export type StoredEntry = {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: EventKind;
  readonly outcome: 'ok' | 'refused';
  readonly officer_id: OfficerId | null;
  readonly actor_kind: string;
  readonly country: string | null;
  readonly object_kind: string | null;
  readonly object_id: string | null;
  readonly compartment_id: CompartmentId | null;
  readonly leaf_hash: Buffer;
  readonly form: 'json' | 'bytes' | null;
  readonly size: number;
  /** Content of JSON entries; `null` for bytes, for what is large and for what was purged. */
  readonly payload: Buffer | null;
};

/** Contents beyond this (parts of an import) are not repeated in lists and frames; the proof of the entry has them. */
const LARGEST_BODY = 16_384;

export const entryColumns = sql`e.seq, e.at_ms, e.kind, e.outcome, e.officer_id, e.actor_kind, e.country, e.object_kind,
  e.object_id, e.compartment_id, e.leaf_hash, c.form, coalesce(octet_length(c.payload), 0) as size,
  case when c.form = 'json' and octet_length(c.payload) <= ${LARGEST_BODY} then c.payload end as payload`;

export const entrySource = sql`entries e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq`;

export type Head = { readonly head: number; readonly epoch: number; readonly origin: string };

export function headOf(tx: Tx, log: LogId): Promise<Head | null> {
  return oneRow(tx, sql`select head, epoch, origin from logs where id = ${log}`);
}

/** For delivery: everything in `from ≤ seq < to` but board changes, which travel on the board's own socket. Unfiltered: whoever sends it on filters per reader. */
export function readForDelivery(
  tx: Tx,
  log: LogId,
  range: { from: number; to: number; limit: number },
): Promise<StoredEntry[]> {
  return rows(
    tx,
    sql`select ${entryColumns} from ${entrySource}
        where e.log_id = ${log} and e.seq >= ${range.from} and e.seq < ${range.to} and e.kind <> 'board.updated'
        order by e.seq limit ${range.limit}`,
  );
}

export function bodyOf(entry: Pick<StoredEntry, 'payload'>): Json {
  return entry.payload === null ? null : (JSON.parse(entry.payload.toString('utf8')) as Json);
}
