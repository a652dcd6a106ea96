import type { RoomPass } from '#server/platform/access.ts';
import { EpochMoved, type Fact, type Recorded } from '#server/platform/facts.ts';
import { authorOf } from '#server/record/author.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';

import type { BoardPlace, EngineDeps } from './types.ts';

type About =
  | { readonly kind: 'board.opened' }
  | { readonly kind: 'board.refused'; readonly code: RefusalCode };

const tries = 5;

/**
 * One entry about a socket, in a transaction of its own. Opening holds session and epoch, and returns the pass under
 * which it was written; a refusal is the hub's word and needs no right of the refused.
 */
export async function appendAbout(
  deps: EngineDeps,
  given: { readonly pass: RoomPass; readonly place: BoardPlace },
  about: About,
): Promise<RoomPass> {
  const { place } = given;
  let { pass } = given;
  for (let tried = 0; tried < tries; tried++) {
    try {
      announce(deps, place, await write(deps, { pass, place }, about));
      return pass;
    } catch (error) {
      if (!(error instanceof EpochMoved)) throw error;
      pass = await deps.admit(pass.session, place.operation, 'board.open');
      if (!pass.compartments.has(place.compartment)) throw refuse('not.found');
    }
  }
  throw refuse('try.again');
}

function write(
  deps: EngineDeps,
  { pass, place }: { readonly pass: RoomPass; readonly place: BoardPlace },
  about: About,
): Promise<Recorded[]> {
  const opened = about.kind === 'board.opened';
  const fact: Fact = {
    kind: about.kind,
    by: authorOf(pass.session, pass),
    object: { kind: 'board', id: place.board },
    compartment: place.compartment,
    outcome: opened ? 'ok' : 'refused',
    command: null,
    body: about.kind === 'board.opened' ? null : { code: about.code },
  };
  return deps.store.write(async (tx) => {
    if (opened && (await deps.holdSessions(tx, [pass.session])).size > 0) throw refuse('session.ended');
    const epoch = opened ? pass.aclEpoch : null;
    return deps.append(tx, { log: place.operation, epoch, facts: [fact] });
  });
}

function announce(deps: EngineDeps, place: BoardPlace, [recorded]: readonly Recorded[]): void {
  if (recorded === undefined) return;
  deps.announce({ log: place.operation, from: recorded.seq, to: recorded.seq + 1, epoch: null });
}
