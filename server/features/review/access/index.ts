import { peopleById } from '#server/features/identity/index.ts';
import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, query } from '#server/platform/http/commands.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { BodyOf, ReplyOf } from '#shared/contracts/contract.ts';
import { type SeenBy, whoSaw } from '#shared/contracts/review-access.ts';
import type { MemberThen } from '#shared/contracts/review-replay.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { CompartmentId, OfficerId } from '#shared/kernel/ids.ts';

import { mustHaveOpened } from '../reading.ts';
import { momentOf } from '../replay/moment.ts';
import { frameAt } from '../replay/room-at.ts';
import { byDesk } from './by-desk.ts';

type Item = {
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  readonly compartment: CompartmentId | null;
  readonly by: OfficerId | null;
};

type Consultation = {
  readonly officer_id: OfficerId;
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly direct: boolean;
  readonly times: number;
};

/** Consultations told of one person. */
const TOLD = 10;
/** Entries by which somebody reads or takes along what is in the room. */
const reading = [
  'room.entered',
  'board.opened',
  'record.consulted',
  'record.exported',
  'indicators.exported',
  'operation.purpose-stated',
];

/** By the record alone: who received the item's compartment at that moment, and who consulted it by then. [RV-14] */
export function whoSawHandler(): Handler {
  return query({
    call: whoSaw,
    async read(tx, { pass, now }, input) {
      if ((input.entry === undefined) === (input.objectId === undefined))
        throw refuse('bad.request', { where: 'entry', what: 'either an entry or an object' });
      await mustHaveOpened(tx, { pass, now }, { reading: input.reading, what: ['access', 'replay'] });
      const { asOf, ...moment } = await momentOf(tx, pass, { seq: input.seq });
      const item = await itemOf(tx, pass, input, moment.seq);
      if (item === null)
        throw refuse('not.found', { where: input.entry === undefined ? 'objectId' : 'entry' });
      const room = await frameAt(tx, pass, moment.seq);
      const name = room.operation?.compartments.find(({ id }) => id === item.compartment)?.name ?? null;
      const consulted = await consultationsOf(tx, pass, item, moment.seq);
      const people = await seenByAll(tx, { item, name, members: room.members, consulted });
      return {
        asOf,
        moment,
        item: { kind: item.kind, id: item.id, compartment: name, seq: item.seq },
        people,
        desks: desksOf(people),
      };
    },
  });
}

/** An entry, or the first entry about an object: it says where the object stands and whose it is. */
async function itemOf(
  tx: Tx,
  pass: RoomPass,
  { entry, objectId }: Pick<BodyOf<typeof whoSaw>, 'entry' | 'objectId'>,
  until: number,
): Promise<Item | null> {
  const which = entry === undefined ? sql`e.object_id = ${objectId}` : sql`e.seq = ${entry}`;
  const row = await oneRow<{
    seq: number;
    kind: string;
    object_kind: string | null;
    object_id: string | null;
    compartment_id: CompartmentId | null;
    officer_id: OfficerId | null;
  }>(
    tx,
    sql`select e.seq, e.kind, e.object_kind, e.object_id, e.compartment_id, e.officer_id from entries e
        where e.log_id = ${pass.operation} and e.seq <= ${until} and ${which}
          and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })} order by e.seq limit 1`,
  );
  if (row === null) return null;
  return {
    seq: row.seq,
    kind: entry === undefined ? (row.object_kind ?? row.kind) : row.kind,
    id: row.object_id ?? String(row.seq),
    compartment: row.compartment_id,
    by: row.officer_id,
  };
}

function consultationsOf(tx: Tx, pass: RoomPass, item: Item, until: number): Promise<Consultation[]> {
  return rows(
    tx,
    sql`select officer_id, seq, at_ms, kind, direct, times from (
          select e.officer_id, e.seq, e.at_ms, e.kind, e.object_id is not distinct from ${item.id} as direct,
                 count(*) over (partition by e.officer_id) as times,
                 row_number() over (partition by e.officer_id order by e.seq desc) as place
          from entries e
          where e.log_id = ${pass.operation} and e.seq > ${item.seq} and e.seq <= ${until} and e.outcome = 'ok'
            and e.kind = any(${reading}::text[]) and e.officer_id is not null
            and (e.object_id = ${item.id} or e.object_id = ${pass.operation})
            and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}
        ) t where place <= ${TOLD} order by seq desc`,
  );
}

async function seenByAll(
  tx: Tx,
  given: {
    readonly item: Item;
    readonly name: string | null;
    readonly members: readonly MemberThen[];
    readonly consulted: readonly Consultation[];
  },
): Promise<SeenBy[]> {
  const { item, name, members, consulted } = given;
  const officers = [
    ...new Set([...members.map(({ officer }) => officer), ...consulted.map((one) => one.officer_id)]),
  ];
  const people = await peopleById(tx, officers);
  return officers
    .flatMap((officer): SeenBy[] => {
      const person = people.get(officer);
      if (person === undefined) return [];
      const member = members.find((one) => one.officer === officer);
      const own = consulted.filter((one) => one.officer_id === officer);
      return [
        {
          person,
          role: member?.role ?? null,
          could: couldSee(item, name, member),
          consulted: own.map(({ seq, at_ms, kind, direct }) => ({ seq, at: isoTime(at_ms), kind, direct })),
          times: own[0]?.times ?? 0,
        },
      ];
    })
    .sort(byDesk);
}

function couldSee(item: Item, name: string | null, member: MemberThen | undefined): SeenBy['could'] {
  if (member === undefined) return 'no';
  if (name !== null && member.compartments.includes(name)) return 'compartment';
  return item.by === member.officer ? 'own' : 'no';
}

function desksOf(people: readonly SeenBy[]): ReplyOf<typeof whoSaw>['desks'] {
  const desks = new Map<string, ReplyOf<typeof whoSaw>['desks'][number]>();
  for (const { person, could, times } of people) {
    const held = desks.get(person.desk) ?? {
      desk: person.desk,
      country: person.country,
      could: false,
      consulted: false,
    };
    desks.set(person.desk, {
      ...held,
      could: held.could || could !== 'no',
      consulted: held.consulted || (times > 0 && could !== 'no'),
    });
  }
  return [...desks.values()];
}
