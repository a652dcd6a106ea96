import { peopleById } from '#server/features/identity/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, work } from '#server/platform/http/commands.ts';
import type { Store, Tx } from '#server/platform/storage/store.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { compareMoments, type RoomThen } from '#shared/contracts/review-replay.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { refuse } from '#shared/kernel/failures.ts';
import { compareRooms } from '#shared/review/compare.ts';
import { RoomReplay } from '#shared/review/room.ts';

import { mustHaveOpened } from '../reading.ts';
import type { BoardReader } from '../words/on-worker.ts';
import { boardActs, boardBytes } from '../words/store.ts';
import { changedSteps } from './changed.ts';
import { lastOf, withLastActs } from './last-acts.ts';
import { momentOf } from './moment.ts';
import { namedIn } from './room-at.ts';
import { frameSteps } from './select.ts';
import { changedBetween } from './totals.ts';

export type CompareDeps = { readonly store: Store; readonly boards: BoardReader };

type Compared = ReplyOf<typeof compareMoments>;

/** Rows of each list, and differences of each board, that are told. */
const TOLD = 200;

/** What two moments differ in: both rooms rebuilt, as far as what changed between them goes. [RV-13] */
export function compareHandler(deps: CompareDeps): Handler {
  const { store } = deps;
  return work({
    call: compareMoments,
    async work({ pass, now }, { reading, from, to }) {
      if (from > to) throw refuse('bad.request', { where: 'from', what: 'later than the other moment' });
      const read = await store.read(async (tx) => {
        await mustHaveOpened(tx, { pass, now }, { reading, what: ['comparison', 'replay'] });
        const { asOf, ...before } = await momentOf(tx, pass, { seq: from });
        const { asOf: _same, ...after } = await momentOf(tx, pass, { seq: to });
        const rooms = await roomsAt(tx, pass, before.seq, after.seq);
        const totals = await changedBetween(tx, pass, before.seq, after.seq);
        const room = await withLastActs(tx, pass, compareRooms(rooms.before, rooms.after), {
          from: before.seq,
          to: after.seq,
        });
        return { asOf, before, after, rooms, totals, room };
      });
      const { asOf, before, after, rooms, totals, room } = read;
      const { operation, members, messages, indicators } = room;
      const boards = await compareBoards(deps, pass, { rooms, from: before.seq, to: after.seq });
      const told = { messages: messages.slice(0, TOLD), indicators: indicators.slice(0, TOLD) };
      const lasts = [
        operation,
        members,
        told.messages,
        told.indicators,
        boards,
        ...boards.map((board) => board.changes),
      ];
      const named = [
        ...namedIn(rooms.before),
        ...namedIn(rooms.after),
        ...lasts.flat().flatMap(({ last }) => last?.by ?? []),
      ];
      const people = await store.read((tx) => peopleById(tx, named));
      return {
        asOf,
        from: before,
        to: after,
        operation,
        members,
        messages: { total: totals.messages, rows: told.messages },
        indicators: { total: totals.indicators, rows: told.indicators },
        boards,
        people: [...people.values()],
      };
    },
  });
}

type Rooms = { readonly before: RoomThen; readonly after: RoomThen };

/** Both rooms with the items that changed between the moments, the newest of them. */
async function roomsAt(tx: Tx, pass: RoomPass, from: number, to: number): Promise<Rooms> {
  const items = await changedSteps(tx, pass, { from, to, most: TOLD });
  const frame = await frameSteps(tx, pass, to);
  const earlier = from < 0 ? [] : await frameSteps(tx, pass, from);
  const window = { messages: Number.MAX_SAFE_INTEGER, indicators: Number.MAX_SAFE_INTEGER };
  const roomOf = (steps: typeof frame, until: number) => {
    const replay = new RoomReplay();
    const all = [...steps, ...items.filter(({ seq }) => seq <= until)].sort((a, b) => a.seq - b.seq);
    for (const step of all) replay.apply(step);
    return replay.view(window);
  };
  return { before: roomOf(earlier, from), after: roomOf(frame, to) };
}

async function compareBoards(
  { store, boards }: CompareDeps,
  pass: RoomPass,
  { rooms, from, to }: { rooms: Rooms; from: number; to: number },
): Promise<Compared['boards']> {
  const known = new Set(rooms.before.boards.map(({ id }) => id));
  const changed = rooms.after.boards.filter(({ id, changedSeq }) => changedSeq > from || !known.has(id));
  const compared: Compared['boards'] = [];
  for (const { id, title } of changed) {
    const { base, acts } = await store.read(async (tx) => ({
      base: await boardBytes(tx, pass.operation, { board: id, after: -1, before: from + 1 }),
      acts: await boardActs(tx, pass.operation, { board: id, after: from, before: to + 1 }),
    }));
    const told = await boards.compare({ base, between: acts.map(({ payload }) => payload), most: TOLD });
    compared.push({
      id,
      title,
      change: known.has(id) ? 'changed' : 'created',
      acts: acts.length,
      sentences: [...told.sentences],
      changes: told.changes.map(({ last, ...change }) => ({
        ...change,
        before: change.before as Json,
        after: change.after as Json,
        last: lastOf(acts[last]),
      })),
      more: told.more,
      last: lastOf(acts.at(-1)),
      records: told.records.map(({ id, before, after }) => ({
        id,
        before: before as Json,
        after: after as Json,
      })),
      still: [...told.still],
    });
  }
  return compared;
}
