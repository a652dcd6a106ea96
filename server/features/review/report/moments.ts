import { peopleById } from '#server/features/identity/index.ts';
import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { bodyOf } from '#server/record/read.ts';
import { type EventKind, eventKinds } from '#shared/contracts/event-kinds.ts';
import type { KeyMoment } from '#shared/contracts/review-report.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';
import { record, text } from '#shared/review/read-json.ts';

/** Moments that are told; of a longer record the newest. */
const MOST = 1_000;
/** What a debrief goes through: what the operation came to, who came and went, what was brought in and taken out. */
const key =
  /^(operation|member|hold|retention|purge|finding)\.|^(board\.created|indicators\.imported)$|\.exported$/;
const kinds = (Object.keys(eventKinds) as EventKind[]).filter((kind) => key.test(kind));
const named = ['name', 'title', 'fileName', 'role', 'reason', 'purpose', 'format', 'text'] as const;

type Row = {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly country: string | null;
  readonly object_kind: string | null;
  readonly object_id: string | null;
  readonly payload: Buffer | null;
};

/** In the order of the record. */
export async function keyMoments(tx: Tx, pass: RoomPass, end: number): Promise<KeyMoment[]> {
  const found = await rows<Row>(
    tx,
    sql`select e.seq, e.at_ms, e.kind, e.country, e.object_kind, e.object_id, c.payload
        from entries e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where e.log_id = ${pass.operation} and e.seq < ${end} and e.outcome = 'ok' and e.kind = any(${kinds}::text[])
          and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}
        order by e.seq desc limit ${MOST}`,
  );
  const people = await peopleById(
    tx,
    found.flatMap(({ object_kind, object_id }) =>
      object_kind === 'officer' ? (object_id as OfficerId) : [],
    ),
  );
  return found.reverse().map((row) => {
    const person = people.get((row.object_id ?? '') as OfficerId);
    const told = record(bodyOf(row));
    const words = named.flatMap((member) => text(told[member]) || []).slice(0, 2);
    const about = [...(person === undefined ? [] : [`${person.name} (${person.desk})`]), ...words].join(': ');
    return {
      seq: row.seq,
      at: isoTime(row.at_ms),
      kind: row.kind,
      country: row.country,
      about: about.slice(0, 200).toWellFormed(),
    };
  });
}
