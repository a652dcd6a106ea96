import { peopleById, personOfSession } from '#server/features/identity/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { command, type Handler, query } from '#server/platform/http/commands.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { askPurge, confirmPurge, readCertificate, withdrawPurge } from '#shared/contracts/purge.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { CONFIRM_HOURS } from '#shared/policy/lifecycle.ts';

import { factOf } from '../lifecycle/steps.ts';
import { lockOperation } from '../lifecycle/store.ts';
import { presentPurge } from './presenter.ts';
import {
  certificateOf,
  dropRequest,
  isOnHold,
  markConfirmed,
  type PurgeRow,
  purgeOf,
  putBelow,
  putRequest,
} from './store.ts';

export type PurgeDeps = {
  readonly vouching: Vouching;
  /** Begins the work on this node at once; every node goes on with it. */
  readonly purgeSoon: (operation: OperationId) => void;
};

const nothingAsked = 'nobody has asked for a purge, or the request has fallen away';

/** Two officers of two desks decide; what they decided is carried out by the purger. [LC-16] */
export function purgeHandlers({ vouching, purgeSoon }: PurgeDeps): Handler[] {
  return [
    command({
      call: askPurge,
      async act(tx, { pass, now }, { reason }) {
        await lockOperation(tx, pass);
        if (await isOnHold(tx, pass)) throw refuse('legal.hold');
        const earlier = await purgeOf(tx, pass);
        if (earlier !== null && stands(earlier, now))
          throw refuse('already.exists', { what: 'a purge has been asked for' });
        await putRequest(tx, pass, reason, now);
        return { facts: [factOf(pass, 'purge.asked', { reason })], reply: await present(tx, pass) };
      },
    }),
    command({
      call: confirmPurge,
      async act(tx, { pass, now }) {
        await lockOperation(tx, pass);
        if (await isOnHold(tx, pass)) throw refuse('legal.hold');
        const request = await purgeOf(tx, pass);
        if (request === null || !stands(request, now)) throw refuse('not.found', { what: nothingAsked });
        if (request.asked_desk === pass.session.desk.id) throw refuse('two.desks');
        await markConfirmed(tx, pass, now);
        const { asked_by, asked_ms, reason } = request;
        return {
          facts: [factOf(pass, 'purge.confirmed', { askedBy: asked_by, askedAt: isoTime(asked_ms), reason })],
          movesEpoch: true,
          async reply([at]) {
            invariant(at !== undefined, 'a decision without a place');
            await putBelow(tx, pass, at.seq);
            return present(tx, pass);
          },
          afterCommit: () => purgeSoon(pass.operation),
        };
      },
    }),
    command({
      call: withdrawPurge,
      async act(tx, { pass }, { reason }) {
        await lockOperation(tx, pass);
        if ((await purgeOf(tx, pass)) === null) throw refuse('not.found', { what: nothingAsked });
        await dropRequest(tx, pass);
        return { facts: [factOf(pass, 'purge.withdrawn', { reason })], reply: {} };
      },
    }),
    query({
      call: readCertificate,
      async read(tx, { pass }) {
        const note = await certificateOf(tx, pass);
        const vkey = await vouching.keyOf(tx, pass.operation, pass.origin);
        if (note === null || vkey === null)
          throw refuse('try.again', { what: 'the certificate is not signed yet' });
        return { note, vkey };
      },
    }),
  ];
}

/** A request stands while its time runs and whoever asked still could. */
function stands({ asked_desk, asked_ms }: PurgeRow, now: number): boolean {
  return asked_desk !== null && now < asked_ms + CONFIRM_HOURS * 3_600_000;
}

async function present(tx: Tx, pass: RoomPass) {
  const row = await purgeOf(tx, pass);
  invariant(row !== null, 'a purge that is not there');
  const people = new Map(await peopleById(tx, [row.asked_by]));
  people.set(pass.session.officer, personOfSession(pass.session));
  return presentPurge(row, people);
}
