import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { StoredCheckpoint } from '#server/record/checkpoints.ts';
import type { PackScope } from '#shared/record/pack/about.ts';

import type { Rights } from './selection.ts';

const columns = { compartment: sql`e.compartment_id`, by: sql`e.officer_id` };

/** What a pack shows of one place: `bytes` is null for what is not for its recipient. */
export type PackRow = {
  readonly seq: number;
  readonly leaf_hash: Buffer;
  readonly bytes: Buffer | null;
  readonly salt: Buffer | null;
  readonly payload: Buffer | null;
};

export type PackPlace = {
  readonly rights: Rights;
  readonly scope: PackScope;
  readonly size: number;
};

const PAGE = 500;
const PAGE_WEIGHT = 4 * 1024 * 1024;

/** A checkpoint that was signed at exactly this size. */
export function checkpointOf(tx: Tx, pass: RoomPass, size: number): Promise<StoredCheckpoint | null> {
  return oneRow(
    tx,
    sql`select size, root, note, signed_ms from checkpoints where log_id = ${pass.operation} and size = ${size}`,
  );
}

/** The quorum policy that was in force when a checkpoint was signed; null when there was none yet. */
export async function policyAt(tx: Tx, pass: RoomPass, signed: number): Promise<string | null> {
  const row = await oneRow<{ text: string }>(
    tx,
    sql`select text from quorum_policies where operation_id = ${pass.operation} and set_ms <= ${signed}
        order by number desc limit 1`,
  );
  return row?.text ?? null;
}

/** The first entry that is not before this time; `size` when all are. */
export async function placeOfTime(
  tx: Tx,
  pass: RoomPass,
  { at, size }: { readonly at: number; readonly size: number },
): Promise<number> {
  const row = await oneRow<{ seq: number | null }>(
    tx,
    sql`select min(seq) as seq from entries where log_id = ${pass.operation} and at_ms >= ${at} and seq < ${size}`,
  );
  return row?.seq ?? size;
}

/** The next places from `from` on, up to about 4 MiB of content in at most 500 rows; none when there are no more. */
export function packPage(tx: Tx, pass: RoomPass, place: PackPlace, from: number): Promise<PackRow[]> {
  return rows(
    tx,
    sql`with chosen as (
          select e.seq, e.leaf_hash, ${seenBy(place.rights)} as visible, coalesce(octet_length(c.payload), 0) as weight
          from entries e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
          where e.log_id = ${pass.operation} and e.seq >= ${from} and ${inScope(place)}
          order by e.seq limit ${PAGE}
        ), placed as (
          select seq, leaf_hash, visible, sum(weight) over (order by seq) - weight as before from chosen
        )
        select p.seq, p.leaf_hash, e.bytes, c.salt, c.payload
        from placed p
        left join entries e on p.visible and e.log_id = ${pass.operation} and e.seq = p.seq
        left join entry_contents c on p.visible and c.log_id = ${pass.operation} and c.seq = p.seq
        where p.before < ${PAGE_WEIGHT} order by p.seq`,
  );
}

/** About how many bytes entries, contents and what stands around each take, and how many the report on them. */
export async function weightOf(
  tx: Tx,
  pass: RoomPass,
  place: PackPlace,
): Promise<{ readonly bytes: number; readonly report: number }> {
  const row = await oneRow<{ bytes: number; report: number }>(
    tx,
    sql`select coalesce(sum(case when ${seenBy(place.rights)}
            then octet_length(e.bytes) + coalesce(octet_length(c.payload), 0) + 1200 else 100 end), 0)::bigint as bytes,
          coalesce(sum(case when c.form = 'json' and ${seenBy(place.rights)}
            then octet_length(c.payload) * 10 end), 0)::bigint as report
        from entries e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where e.log_id = ${pass.operation} and ${inScope(place)}`,
  );
  return { bytes: Number(row?.bytes ?? 0), report: Number(row?.report ?? 0) };
}

/** All changes of one board below `size`, whoever may see them. */
export function boardChanges(
  tx: Tx,
  pass: RoomPass,
  { board, size }: { readonly board: string; readonly size: number },
): Promise<{ readonly seq: number; readonly payload: Buffer | null }[]> {
  return rows(
    tx,
    sql`select e.seq, c.payload from entries e
        left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where e.log_id = ${pass.operation} and e.object_id = ${board} and e.kind = 'board.updated'
          and e.outcome = 'ok' and e.seq < ${size} order by e.seq`,
  );
}

/** The one rule, asked twice: for the recipient and for whoever exports. [RC-44] [RC-77] */
function seenBy({ recipient, exporter }: Rights) {
  return sql<boolean>`(${visibleTo(recipient, columns)} and ${visibleTo(exporter, columns)})`;
}

/** Of objects nothing is listed that the recipient may not see, not even that it is there. */
function inScope({ scope, size, rights }: PackPlace) {
  if (scope.kind === 'operation') return sql<boolean>`e.seq < ${size}`;
  if (scope.kind === 'time') return sql<boolean>`e.seq >= ${scope.from} and e.seq < ${scope.to}`;
  const ids = scope.objects.map(({ id }) => id);
  const imported = scope.objects.filter(({ kind }) => kind === 'indicator').map(({ id }) => `%"id":"${id}"%`);
  return sql<boolean>`(e.seq < ${size} and ${seenBy(rights)} and (
    e.object_id = any(${ids}::text[])
    or (e.kind = 'indicators.import-part' and exists (
      select 1 from entry_contents part where part.log_id = e.log_id and part.seq = e.seq
        and convert_from(part.payload, 'UTF8') like any(${imported}::text[])))))`;
}
