import type { Session } from '#server/platform/access.ts';
import { EpochMoved, type Fact, type Recorded } from '#server/platform/facts.ts';
import { CommitUncertain, oneRow, sql } from '#server/platform/storage/store.ts';
import { authorOf } from '#server/record/author.ts';
import { equalBytes } from '#shared/kernel/encoding.ts';
import { refuse } from '#shared/kernel/failures.ts';

import { boardEngineTimes as times } from '../../limits.ts';

import type { BoardSocket } from '../sockets/board-socket.ts';
import type { BoardPlace, EngineDeps } from '../types.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Seen } from './unseen.ts';
import { ClaimRefused, SessionsEnded, Unseen } from './write-in-steps.ts';

/** What one connection changed in one batch: one entry of the record. */
export type Row = {
  readonly socket: BoardSocket;
  readonly update: Uint8Array;
  /** Client ids it used for the first time on this board, as far as this node knows. */
  readonly claims: readonly number[];
  readonly clients: readonly number[];
};

export type Outcome =
  /** `before`: newest entry of the board below these, so that another node's entries show. */
  | { readonly kind: 'committed'; readonly recorded: readonly Recorded[]; readonly before: number }
  /** Nothing was written: rights moved, or these sessions are over. */
  | { readonly kind: 'rights'; readonly ended: ReadonlySet<string> }
  /** Nothing was written: the record has changes under the same client ids that the document lacks. */
  | { readonly kind: 'unseen' }
  /** Nothing was written: these sockets spoke under client ids of others. */
  | { readonly kind: 'foreign'; readonly sockets: readonly BoardSocket[] };

export type Written = { readonly recorded: readonly Recorded[]; readonly before: number };

export type Batch = {
  readonly place: BoardPlace;
  readonly batch: readonly Row[];
  readonly seen: Seen;
};

/** A batch, with what is asked of and said to the record. */
export type Work = Batch & {
  readonly epoch: number;
  readonly sessions: readonly Session[];
  readonly facts: readonly Fact[];
};

/**
 * All or nothing: sessions held, client ids claimed, entries appended, index written. Together with other boards' batches
 * when it is likely to go well, else in a transaction of its own, which finds out what is wrong. Throws when the store
 * fails. [BD-1]
 */
export async function commitRows(deps: EngineDeps, together: GroupCommit, given: Batch): Promise<Outcome> {
  const { batch, place } = given;
  const epoch = Math.max(...batch.map((row) => row.socket.pass.aclEpoch));
  if (batch.some((row) => row.socket.pass.aclEpoch !== epoch)) return { kind: 'rights', ended: new Set() };
  const facts = batch.map((row) => factOf(place, row));
  const work = { ...given, epoch, facts, sessions: sessionsOf(batch) };
  let sent: readonly Recorded[] | null = null;
  const about = (recorded: readonly Recorded[]) => {
    sent = recorded;
  };
  try {
    const written = await together.commit({ work, about });
    return { kind: 'committed', ...written };
  } catch (error) {
    if (error instanceof EpochMoved) return { kind: 'rights', ended: new Set() };
    if (error instanceof Unseen) return { kind: 'unseen' };
    if (error instanceof SessionsEnded) return { kind: 'rights', ended: error.ended };
    if (error instanceof ClaimRefused) return { kind: 'foreign', sockets: error.sockets };
    if (!(error instanceof CommitUncertain) || sent === null) throw error;
    return settleDoubt(deps, place, sent);
  }
}

function sessionsOf(batch: readonly Row[]): Session[] {
  return [...new Map(batch.map(({ socket: { pass } }) => [pass.session.id, pass.session])).values()];
}

function factOf(place: BoardPlace, row: Row): Fact {
  return {
    kind: 'board.updated',
    by: authorOf(row.socket.pass.session, row.socket.pass),
    object: { kind: 'board', id: place.board },
    compartment: place.compartment,
    outcome: 'ok',
    command: null,
    body: row.update,
  };
}

/**
 * What makes the batch stand was sent and not answered. Under the record's row lock no COMMIT of ours can still be under
 * way, so what stands at that seq then is final: our leaf (its salt is random, it can be nobody else's) or not. One
 * statement may still come later than the look: what is written next then finds it by itself, see `unseen`. [BD-4]
 */
async function settleDoubt(
  deps: EngineDeps,
  place: BoardPlace,
  recorded: readonly Recorded[],
): Promise<Outcome> {
  const [first] = recorded;
  for (let tries = 0; first !== undefined && tries < 10; tries++) {
    try {
      const found = await deps.store.write(async (tx) => {
        await sql`select 1 from logs where id = ${place.operation} for update`.execute(tx);
        return oneRow<{ leaf_hash: Uint8Array; before: number }>(
          tx,
          sql`select leaf_hash, (select coalesce(max(seq), -1) from board_updates
                                 where board_id = ${place.board} and seq < ${first.seq}) as before
              from entries where log_id = ${place.operation} and seq = ${first.seq}`,
        );
      });
      if (found !== null && equalBytes(found.leaf_hash, first.leafHash))
        return { kind: 'committed', recorded, before: found.before };
      return { kind: 'rights', ended: new Set() };
    } catch (error) {
      deps.log.warn({ err: error, board: place.board }, 'not yet known whether a board commit stands');
      await new Promise<void>((resolve) => deps.clock.after(times.doubt, resolve));
    }
  }
  throw refuse('store.unavailable');
}
