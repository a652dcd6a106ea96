import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { compareMoments, LastAct } from '#shared/contracts/review-replay.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';
import type { Difference } from '#shared/review/compare.ts';

import { changing } from './changed.ts';
import { frameKinds, seen } from './select.ts';

type Compared = ReplyOf<typeof compareMoments>;
type Row = {
  readonly seq: number;
  readonly at_ms: number;
  readonly officer_id: OfficerId | null;
  readonly kind: string;
  readonly object_id: string | null;
};
type WithLast = Pick<Compared, 'operation' | 'members'> & {
  readonly messages: Compared['messages']['rows'];
  readonly indicators: Compared['indicators']['rows'];
};

/** Each difference with the newest entry between the moments that had a part in it. [RV-20] */
export async function withLastActs(
  tx: Tx,
  pass: RoomPass,
  difference: Difference,
  between: { readonly from: number; readonly to: number },
): Promise<WithLast> {
  const { operation, members, messages, indicators } = difference;
  const ids = [
    ...members.map(({ officer }) => officer),
    ...messages.map(({ id }) => id),
    ...indicators.map(({ id }) => id),
  ];
  const found = await newestOf(tx, pass, ids, between);
  const of = new Map(found.map((row) => [row.object_id, lastOf(row)]));
  const parts = await entriesAt(
    tx,
    pass,
    indicators.flatMap(({ id, after }) => (of.has(id) ? [] : [after.seq])),
    between,
  );
  const partAt = new Map(parts.map((row) => [row.seq, lastOf(row)]));
  const states = await operationActs(tx, pass, between);
  const created = states.find(({ kind }) => kind === 'operation.created');
  const about = (field: string) => (field === 'state' ? states[0] : created);
  return {
    operation: operation.map((row) => ({ ...row, last: lastOf(about(row.field)) })),
    members: members.map((row) => ({ ...row, last: of.get(row.officer) ?? null })),
    messages: messages.map((row) => ({ ...row, last: of.get(row.id) ?? null })),
    // A row of an import has no entry of its own, only the one of its part.
    indicators: indicators.map((row) => ({
      ...row,
      last: of.get(row.id) ?? partAt.get(row.after.seq) ?? null,
    })),
  };
}

export function lastOf(row: Omit<Row, 'kind' | 'object_id'> | undefined): LastAct | null {
  return row === undefined ? null : { seq: row.seq, at: isoTime(row.at_ms), by: row.officer_id };
}

type Between = { readonly from: number; readonly to: number };
const columns = sql`e.seq, e.at_ms, e.officer_id, e.kind, e.object_id`;

function newestOf(tx: Tx, pass: RoomPass, ids: readonly string[], { from, to }: Between): Promise<Row[]> {
  const kinds = [...changing, ...frameKinds.filter((kind) => kind.startsWith('member.'))];
  return rows(
    tx,
    sql`select distinct on (e.object_id) ${columns} from entries e where ${seen(pass, to)} and e.seq > ${from}
        and e.object_id = any(${[...ids]}::text[]) and e.kind = any(${kinds}::text[]) order by e.object_id, e.seq desc`,
  );
}

function entriesAt(tx: Tx, pass: RoomPass, places: readonly number[], { from, to }: Between): Promise<Row[]> {
  return rows(
    tx,
    sql`select ${columns} from entries e where ${seen(pass, to)} and e.seq > ${from} and e.seq = any(${[...new Set(places)]}::bigint[])`,
  );
}

/** Newest first. */
function operationActs(tx: Tx, pass: RoomPass, { from, to }: Between): Promise<Row[]> {
  const kinds = frameKinds.filter((kind) => kind.startsWith('operation.'));
  return rows(
    tx,
    sql`select ${columns} from entries e where ${seen(pass, to)} and e.seq > ${from}
        and e.kind = any(${kinds}::text[]) order by e.seq desc`,
  );
}
