import { peopleById } from '#server/features/identity/index.ts';
import { type Handler, query, work } from '#server/platform/http/commands.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { readRoomAt, readSteps, readStrip } from '#shared/contracts/review-replay.ts';

import { mustHaveOpened } from '../reading.ts';
import type { Follower } from '../words/follower.ts';
import { momentOf } from './moment.ts';
import { namedIn, roomAt } from './room-at.ts';
import { pageOfSteps } from './steps.ts';
import { stripOf } from './strip.ts';

export type ReplayDeps = { readonly store: Store; readonly follower: Follower };

/** The readings in which a moment is chosen. */
const moments = ['replay', 'comparison', 'access'] as const;

/** [RV-7] … [RV-10] [RV-22] */
export function replayHandlers({ store, follower }: ReplayDeps): Handler[] {
  return [
    work({
      call: readRoomAt,
      async work({ pass, now }, { reading, seq, time, ...window }) {
        await follower.caughtUp(pass.operation);
        return store.read(async (tx) => {
          await mustHaveOpened(tx, { pass, now }, { reading, what: [...moments] });
          const { asOf, ...moment } = await momentOf(tx, pass, { seq, time });
          const room = await roomAt(tx, pass, moment.seq, window);
          const people = await peopleById(tx, namedIn(room));
          return { asOf, moment, room, people: [...people.values()] };
        });
      },
    }),
    query({
      call: readSteps,
      async read(tx, { pass, now, asOf }, { reading, from, to = asOf, objectId, limit }) {
        await mustHaveOpened(tx, { pass, now }, { reading, what: ['replay'] });
        const end = Math.max(from, Math.min(to, asOf));
        const page = await pageOfSteps(tx, pass, { from, to: end, objectId, limit });
        const people = await peopleById(
          tx,
          page.steps.flatMap(({ by }) => by ?? []),
        );
        return { asOf, from, to: page.to, steps: page.steps, people: [...people.values()] };
      },
    }),
    query({
      call: readStrip,
      async read(tx, { pass, now, asOf }, { reading, slices }) {
        await mustHaveOpened(tx, { pass, now }, { reading, what: [...moments] });
        return { asOf, ...(await stripOf(tx, pass, { size: asOf, slices })) };
      },
    }),
  ];
}
