import { run } from '#server/app/run.ts';
import { systemClock, systemRandom } from '#server/app/system.ts';
import { insertDesk, insertOfficer } from '#server/features/identity/index.ts';
import { rows, type Store, sql } from '#server/platform/storage/store.ts';
import type { DeskId, OfficerId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/random.ts';

/* A hub as it is, with forty officers at one desk and no limit on HTTP calls; those on boards stay as they are. */
await run(
  'exercise',
  async ({ hub }) => {
    await enrol(hub.store);
    process.stdout.write('ready\n');
  },
  (ground) => ({ ...ground, limitScale: 1000 }),
);

function enrol(store: Store): Promise<void> {
  return store.write(async (tx) => {
    const [known] = await rows(tx, sql`select 1 from officers limit 1`);
    if (known !== undefined) return;
    const now = systemClock.now();
    const deskId = newId<DeskId>(systemRandom);
    const desk = { code: 'BENCH', name: 'Desk of the bench', country: 'SG', kind: 'police' } as const;
    await insertDesk(tx, { id: deskId, ...desk }, now);
    for (let at = 10; at < 50; at++) {
      const handle = `officer.${at}`;
      const named = { handle, name: `Officer ${at}`, email: `${handle}@bench.invalid` };
      await insertOfficer(
        tx,
        { id: newId<OfficerId>(systemRandom), deskId, ...named, hostAdministrator: false },
        now,
      );
    }
  });
}
