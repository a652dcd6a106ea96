import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Person } from '#shared/contracts/common.ts';
import type { Indicator } from '#shared/contracts/indicators.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { CompartmentId, ImportId, IndicatorId, OfficerId } from '#shared/kernel/ids.ts';
import type { Handling, Tlp } from '#shared/policy/markings.ts';

export type IndicatorRow = {
  id: IndicatorId;
  seq: number;
  type: string;
  value: string;
  display: string;
  key: string;
  meta: Readonly<Record<string, string>>;
  raw: string;
  note: string;
  handling: Handling;
  tlp: Tlp;
  compartment_id: CompartmentId;
  originator: string;
  confidence: number | null;
  valid_from: string | null;
  valid_until: string | null;
  actionable: boolean;
  added_by: OfficerId;
  added_ms: number;
  source: string;
  import_id: ImportId | null;
  withdrawn_ms: number | null;
};

export const columns = sql`id, seq, type, value, display, key, meta, raw, note, handling, tlp, compartment_id, originator, confidence,
  valid_from, valid_until, actionable, added_by, added_ms, source, import_id, withdrawn_ms`;

/** What this reader may see of the register: the one condition of every read here. */
export const seen = (pass: RoomPass) =>
  sql`operation_id = ${pass.operation} and ${visibleTo(pass, { compartment: sql`compartment_id`, by: sql`added_by` })}`;

export function indicatorById(
  tx: Tx,
  pass: RoomPass,
  id: IndicatorId,
  lock: 'for update' | '' = '',
): Promise<IndicatorRow | null> {
  return oneRow(
    tx,
    sql`select ${columns} from indicators where ${seen(pass)} and id = ${id} ${sql.raw(lock)}`,
  );
}

export function sameSelector(tx: Tx, pass: RoomPass, row: IndicatorRow): Promise<IndicatorRow[]> {
  return rows(
    tx,
    sql`select ${columns} from indicators where ${seen(pass)} and key = ${row.key} and id <> ${row.id} and withdrawn_ms is null
        order by seq, id limit 100`,
  );
}

/** Which of these keys this desk has contributed already and not withdrawn. */
export async function knownKeys(
  tx: Tx,
  pass: RoomPass,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const found = await rows<{ key: string }>(
    tx,
    sql`select distinct key from indicators where operation_id = ${pass.operation} and originator = ${pass.session.desk.code}
        and withdrawn_ms is null and key = any(${[...keys]})`,
  );
  return new Set(found.map(({ key }) => key));
}

/** One statement for any number of rows. */
export async function insertIndicators(
  tx: Tx,
  pass: RoomPass,
  given: readonly IndicatorRow[],
): Promise<void> {
  await sql`insert into indicators (operation_id, ${columns})
            select ${pass.operation}, ${columns} from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as t (
              id text, seq bigint, type text, value text, display text, key text, meta jsonb, raw text, note text, handling jsonb, tlp text,
              compartment_id text, originator text, confidence integer, valid_from text, valid_until text, actionable boolean,
              added_by text, added_ms bigint, source text, import_id text, withdrawn_ms bigint)`.execute(tx);
}

export async function markWithdrawn(tx: Tx, pass: RoomPass, id: IndicatorId, now: number): Promise<void> {
  await sql`update indicators set withdrawn_ms = ${now} where operation_id = ${pass.operation} and id = ${id}`.execute(
    tx,
  );
}

export function presentIndicator(row: IndicatorRow, addedBy: Person): Indicator {
  return {
    id: row.id,
    seq: row.seq,
    type: row.type,
    value: row.value,
    display: row.display,
    key: row.key,
    raw: row.raw,
    note: row.note,
    handling: row.handling,
    compartment: row.compartment_id,
    originator: row.originator,
    confidence: row.confidence,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    actionable: row.actionable,
    addedBy,
    addedAt: isoTime(row.added_ms),
    source: row.source,
    importId: row.import_id,
    state: row.withdrawn_ms === null ? 'active' : 'withdrawn',
  };
}
