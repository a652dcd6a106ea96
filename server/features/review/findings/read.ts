import { peopleById } from '#server/features/identity/index.ts';
import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { bodyOf } from '#server/record/read.ts';
import type { Person } from '#shared/contracts/common.ts';
import type { Finding } from '#shared/contracts/review-findings.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { CompartmentId, FindingId, OfficerId } from '#shared/kernel/ids.ts';
import { record, text } from '#shared/review/read-json.ts';

type Row = {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly officer_id: OfficerId;
  readonly object_id: FindingId;
  readonly compartment_id: CompartmentId;
  readonly payload: Buffer | null;
};

/**
 * Findings are read from their entries; there is no table beside the record that could say otherwise. A purge that
 * destroys their contents leaves who, when and about what.
 */
export async function findingsOf(tx: Tx, pass: RoomPass, only?: FindingId): Promise<Finding[]> {
  const entries = await rows<Row>(
    tx,
    sql`select e.seq, e.at_ms, e.kind, e.officer_id, e.object_id, e.compartment_id, c.payload
        from entries e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where e.log_id = ${pass.operation} and e.outcome = 'ok' and e.officer_id is not null
          and e.kind in ('finding.opened', 'finding.answered', 'finding.concluded')
          and ${only === undefined ? sql`true` : sql`e.object_id = ${only}`}
          and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })} order by e.seq`,
  );
  const pinned = await pinnedRows(tx, pass, entries);
  const people = await peopleById(
    tx,
    [...entries, ...pinned].flatMap(({ officer_id }) => officer_id ?? []),
  );
  const pins = new Map(pinned.map((row) => [row.seq, presentPin(row, people)]));
  const findings = new Map<FindingId, Finding>();
  for (const entry of entries) {
    const by = people.get(entry.officer_id);
    if (by === undefined) continue;
    const told = record(bodyOf(entry));
    const said = { seq: entry.seq, by, at: isoTime(entry.at_ms), text: text(told.text) ?? '' };
    const held = findings.get(entry.object_id);
    if (entry.kind === 'finding.opened') {
      const seq = pinnedIn(entry) ?? -1;
      findings.set(entry.object_id, {
        id: entry.object_id,
        sort: told.sort === 'question' ? 'question' : 'finding',
        state: 'open',
        title: text(told.title) ?? '',
        pinned: pins.get(seq) ?? { ...unseen, seq, at: said.at },
        compartment: entry.compartment_id,
        ...said,
        answers: [],
        conclusion: null,
      });
    } else if (held !== undefined && entry.kind === 'finding.answered') {
      findings.set(held.id, { ...held, state: 'answered', answers: [...held.answers, said] });
    } else if (held !== undefined) {
      const kind = (text(told.kind) ?? 'no-further-action') as NonNullable<Finding['conclusion']>['kind'];
      findings.set(held.id, { ...held, state: 'concluded', conclusion: { ...said, kind } });
    }
  }
  return [...findings.values()];
}

function pinnedIn(entry: Pick<Row, 'payload'>): number | null {
  const { pinned } = record(bodyOf(entry));
  return typeof pinned === 'number' ? pinned : null;
}

const unseen = { kind: '', country: null, by: null, object: null };

type PinnedRow = {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly country: string | null;
  readonly officer_id: OfficerId | null;
  readonly object_kind: string | null;
  readonly object_id: string | null;
};

function pinnedRows(tx: Tx, pass: RoomPass, entries: readonly Row[]): Promise<PinnedRow[]> {
  const seqs = entries.flatMap((entry) => pinnedIn(entry) ?? []);
  return rows(
    tx,
    sql`select e.seq, e.at_ms, e.kind, e.country, e.officer_id, e.object_kind, e.object_id
        from entries e where e.log_id = ${pass.operation} and e.seq = any(${seqs}::bigint[])
        and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}`,
  );
}

/** Who did what it is about, and on which object. [RV-25] */
function presentPin(row: PinnedRow, people: ReadonlyMap<OfficerId, Person>): Finding['pinned'] {
  const { seq, at_ms, kind, country, officer_id, object_kind, object_id } = row;
  return {
    seq,
    at: isoTime(at_ms),
    kind,
    country,
    by: (officer_id !== null && people.get(officer_id)) || null,
    object: object_kind === null || object_id === null ? null : { kind: object_kind, id: object_id },
  };
}
