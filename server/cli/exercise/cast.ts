import { insertDesk, insertOfficer } from '#server/features/identity/index.ts';
import type { Append, Fact } from '#server/platform/facts.ts';
import { rows, type Store, sql } from '#server/platform/storage/store.ts';
import { theHub } from '#server/record/author.ts';
import type { DeskId, OfficerId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';

import { exerciseDesks, exercisePeople } from './people.ts';

type Given = {
  readonly store: Store;
  readonly append: Append;
  readonly random: Random;
  readonly now: number;
};

/** The cast at their desks, and on the hub's record. Done once; later starts find them. */
export function enrolCast({ store, append, random, now }: Given): Promise<ReadonlyMap<string, OfficerId>> {
  return store.write(async (tx) => {
    const known = await rows<{ id: OfficerId; handle: string }>(tx, sql`select id, handle from officers`);
    if (known.length > 0) return new Map(known.map(({ id, handle }) => [handle, id]));
    const facts: Fact[] = [];
    const ids = new Map<string, OfficerId>();
    for (const desk of exerciseDesks) {
      const deskId = newId<DeskId>(random);
      await insertDesk(tx, { id: deskId, ...desk }, now);
      facts.push(added('desk.added', 'desk', deskId));
      for (const { handle, name } of exercisePeople.filter((one) => one.desk === desk.code)) {
        const id = newId<OfficerId>(random);
        await insertOfficer(
          tx,
          { id, deskId, handle, name, email: `${handle}@exercise.invalid`, hostAdministrator: false },
          now,
        );
        facts.push(added('officer.added', 'officer', id));
        ids.set(handle, id);
      }
    }
    await append(tx, { log: 'hub', epoch: null, facts });
    return ids;
  });
}

function added(kind: 'desk.added' | 'officer.added', what: string, id: string): Fact {
  return {
    kind,
    by: theHub,
    object: { kind: what, id },
    compartment: null,
    outcome: 'ok',
    command: null,
    body: { exercise: true },
  };
}
