import { peopleById } from '#server/features/identity/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { command, type Handler, type NewFact } from '#server/platform/http/commands.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import { type LegalHold, liftHold, setHold } from '#shared/contracts/lifecycle.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { HoldId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';

import { presentHold } from './presenter.ts';
import { holdOf, insertHold, lockOperation, markLifted } from './store.ts';

/**
 * Holds take the operation's row lock, and so does a purge: whichever commits first, the other sees it. [LC-12]
 */
export function holdHandlers(random: Random): Handler[] {
  return [
    command({
      call: setHold,
      async act(tx, { pass, now }, { authority, reason }) {
        await lockOperation(tx, pass);
        const id = newId<HoldId>(random);
        await insertHold(tx, pass, { id, authority, reason, now });
        return {
          facts: [aboutHold(pass, 'hold.set', id, { authority, reason })],
          reply: await present(tx, pass, id),
        };
      },
    }),
    command({
      call: liftHold,
      async act(tx, { pass, now }, { holdId, reason }) {
        await lockOperation(tx, pass);
        if (!(await markLifted(tx, pass, { id: holdId, reason, now })))
          throw refuse('not.found', { where: 'holdId' });
        return {
          facts: [aboutHold(pass, 'hold.lifted', holdId, { reason })],
          reply: await present(tx, pass, holdId),
        };
      },
    }),
  ];
}

async function present(tx: Tx, pass: RoomPass, id: HoldId): Promise<LegalHold> {
  const row = await holdOf(tx, pass, id);
  invariant(row !== null, 'a hold that is not there');
  const people = await peopleById(tx, [row.set_by, ...(row.lifted_by === null ? [] : [row.lifted_by])]);
  return presentHold(row, people);
}

function aboutHold(
  pass: RoomPass,
  kind: 'hold.set' | 'hold.lifted',
  id: HoldId,
  body: NewFact['body'],
): NewFact {
  return { kind, object: { kind: 'hold', id }, compartment: pass.main, body };
}
