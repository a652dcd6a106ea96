import { peopleById } from '#server/features/identity/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, query } from '#server/platform/http/commands.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { readAccess, type Thing } from '#shared/contracts/review-access.ts';
import type { MemberThen, RoomThen } from '#shared/contracts/review-replay.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

import { mustHaveOpened } from '../reading.ts';
import { momentOf } from '../replay/moment.ts';
import { frameAt } from '../replay/room-at.ts';
import { byDesk } from './by-desk.ts';
import { type Consulted, consultedBy, telling } from './consulted.ts';

type Row = ReplyOf<typeof readAccess>['people'][number];
type Seen = Row['seen'][number];

/** Everybody and everything at one moment, from the record alone. [RV-21] */
export function accessHandler(): Handler {
  return query({
    call: readAccess,
    async read(tx, { pass, now }, { reading, seq }) {
      await mustHaveOpened(tx, { pass, now }, { reading, what: ['access', 'replay'] });
      const { asOf, ...moment } = await momentOf(tx, pass, { seq });
      const room = await frameAt(tx, pass, moment.seq);
      const consulted = await consultedBy(tx, pass, moment);
      const things = thingsIn(room, pass);
      const members = new Map(room.members.map((member) => [member.officer, member]));
      const makers = new Map<string, OfficerId | null>(
        room.boards.map(({ id, createdBy }) => [id, createdBy]),
      );
      const officers = [...new Set([...members.keys(), ...consulted.map((one) => one.officer_id)])];
      const people = await peopleById(tx, officers);
      const told = officers.flatMap((officer): Row[] => {
        const person = people.get(officer);
        if (person === undefined) return [];
        const member = members.get(officer);
        const own = consulted.filter((one) => one.officer_id === officer);
        return [
          {
            person,
            role: member?.role ?? null,
            compartments: [...(member?.compartments ?? [])],
            seen: things.map((thing) => ({
              could: couldSee(thing, member, makers.get(thing.id) === officer),
              ...consultationOf(thing, own),
            })),
          },
        ];
      });
      return { asOf, moment, things, people: told.sort(byDesk) };
    },
  });
}

/** What the reader knows of: compartments they receive, and boards they may see. */
function thingsIn({ operation, boards }: RoomThen, pass: RoomPass): Thing[] {
  const received = (operation?.compartments ?? []).filter(({ id }) => pass.compartments.has(id));
  const names = new Map((operation?.compartments ?? []).map(({ id, name }) => [id, name]));
  const whole = { id: pass.operation, title: '', compartment: null };
  return [
    ...received.map(({ id, name }): Thing => ({ kind: 'room', id, title: '', compartment: name })),
    ...boards.map(
      ({ id, title, compartment }): Thing => ({
        kind: 'board',
        id,
        title,
        compartment: names.get(compartment) ?? null,
      }),
    ),
    { kind: 'exports', ...whole },
    { kind: 'record', ...whole },
  ];
}

function couldSee({ kind, compartment }: Thing, member: MemberThen | undefined, own: boolean): Seen['could'] {
  if (kind === 'exports' || kind === 'record') return null;
  if (member === undefined) return 'no';
  if (compartment !== null && member.compartments.includes(compartment)) return 'compartment';
  return own ? 'own' : 'no';
}

function consultationOf({ kind, id }: Thing, own: readonly Consulted[]): Pick<Seen, 'times' | 'last'> {
  const kinds: readonly string[] = telling[kind];
  const of = own.filter((one) => kinds.includes(one.kind) && (kind !== 'board' || one.object_id === id));
  const newest = of.reduce<Consulted | null>(
    (last, one) => (last === null || one.seq > last.seq ? one : last),
    null,
  );
  return {
    times: of.reduce((sum, { times }) => sum + times, 0),
    last: newest && { seq: newest.seq, at: isoTime(newest.at_ms), kind: newest.kind },
  };
}
