import type { Session } from '#server/platform/access.ts';
import { EpochMoved, type Fact, type Recorded } from '#server/platform/facts.ts';
import {
  CommitUncertain,
  oneRow,
  type RawBuilder,
  rows,
  sql,
  type Tx,
} from '#server/platform/storage/store.ts';
import { authorOf } from '#server/record/author.ts';
import { equalBytes } from '#shared/kernel/encoding.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

import { boardEngineTimes as times } from '../../limits.ts';

import type { BoardSocket } from '../sockets/board-socket.ts';
import type { BoardPlace, EngineDeps } from '../types.ts';
import { type Seen, unseen } from './unseen.ts';

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

type Written = { readonly recorded: readonly Recorded[]; readonly before: number };

class SessionsEnded extends Error {
  readonly ended: ReadonlySet<string>;
  constructor(ended: ReadonlySet<string>) {
    super('sessions have ended');
    this.ended = ended;
  }
}

class Unseen extends Error {}

class ClaimRefused extends Error {
  readonly sockets: readonly BoardSocket[];
  constructor(sockets: readonly BoardSocket[]) {
    super('client ids of other officers');
    this.sockets = sockets;
  }
}

export type Batch = {
  readonly place: BoardPlace;
  readonly batch: readonly Row[];
  readonly seen: Seen;
};

/** One transaction: sessions held, client ids claimed, entries appended, index written. Throws when the store fails. [BD-1] */
export async function commitRows(deps: EngineDeps, given: Batch): Promise<Outcome> {
  const { batch } = given;
  const epoch = Math.max(...batch.map((row) => row.socket.pass.aclEpoch));
  if (batch.some((row) => row.socket.pass.aclEpoch !== epoch)) return { kind: 'rights', ended: new Set() };
  let sent: readonly Recorded[] | null = null;
  const about = (recorded: readonly Recorded[]) => {
    sent = recorded;
  };
  try {
    const work = { ...given, epoch };
    const written = (await writeAtOnce(deps, work, about)) ?? (await writeInSteps(deps, work, about));
    return { kind: 'committed', ...written };
  } catch (error) {
    if (error instanceof EpochMoved) return { kind: 'rights', ended: new Set() };
    if (error instanceof Unseen) return { kind: 'unseen' };
    if (error instanceof SessionsEnded) return { kind: 'rights', ended: error.ended };
    if (error instanceof ClaimRefused) return { kind: 'foreign', sockets: error.sockets };
    if (!(error instanceof CommitUncertain) || sent === null) throw error;
    return settleDoubt(deps, given.place, sent);
  }
}

type Work = Batch & { readonly epoch: number };

/**
 * Everything as one statement, when it is likely to go well: the sessions are held, the record is where this node
 * believes it, and no client id is new. `null`, and nothing written, when it is not so. docs/decisions/0008
 */
async function writeAtOnce(
  deps: EngineDeps,
  { place, batch, seen, epoch }: Work,
  about: (sent: readonly Recorded[]) => void,
): Promise<Written | null> {
  if (batch.some(({ claims }) => claims.length > 0)) return null;
  const sessions = sessionsOf(batch);
  const facts = batch.map((row) => factOf(place, row));
  const atOnce = deps.appendAtOnce(
    { log: place.operation, epoch, facts },
    {
      hold: { rows: deps.heldSessions(sessions), count: sessions.length },
      unless: unseen(place, batch, seen),
      write: indexRows(place, batch),
      ask: newestBelow(place),
    },
  );
  if (atOnce === null) return null;
  about(atOnce.recorded);
  return deps.store.write(async (tx) => {
    const done = await atOnce.run(tx);
    return done === null ? null : { recorded: atOnce.recorded, before: done.asked };
  }, 'one statement');
}

async function writeInSteps(
  { store, holdSessions, append }: EngineDeps,
  { place, batch, seen, epoch }: Work,
  about: (sent: readonly Recorded[]) => void,
): Promise<Written> {
  return store.write(async (tx) => {
    const ended = await holdSessions(tx, sessionsOf(batch));
    if (ended.size > 0) throw new SessionsEnded(ended);
    await claimClients(tx, place, batch);
    const facts = batch.map((row) => factOf(place, row));
    const recorded = await append(tx, { log: place.operation, epoch, facts });
    const index = recorded.map(({ seq }) => seq);
    // The sub-select sees what was committed before the record's row lock was ours, and nothing of this statement.
    const first = await oneRow<{ before: number; unseen: boolean }>(
      tx,
      sql`with entered as (select * from unnest(${index}::bigint[]) as t (seq)),
               written as (${indexRows(place, batch)})
          select ${newestBelow(place)} as before, ${unseen(place, batch, seen)} as unseen`,
    );
    invariant(first !== null, 'a select without an answer');
    if (first.unseen) throw new Unseen();
    const written = { recorded, before: first.before };
    about(recorded);
    return written;
  });
}

function sessionsOf(batch: readonly Row[]): Session[] {
  return [...new Map(batch.map(({ socket: { pass } }) => [pass.session.id, pass.session])).values()];
}

/** Which entries are changes of the board: the batch in its order, the entries in theirs. */
function indexRows(place: BoardPlace, batch: readonly Row[]): RawBuilder<unknown> {
  const clients = batch.map((row) => `{${row.clients.join(',')}}`);
  const sizes = batch.map(({ update }) => update.length);
  return sql`insert into board_updates (board_id, seq, client_ids, size)
             select ${place.board}, e.seq, t.clients::bigint[], t.size
             from (select seq, row_number() over (order by seq) as at from entered) as e
             join unnest(${clients}::text[], ${sizes}::integer[]) with ordinality as t (clients, size, at) using (at)`;
}

function newestBelow({ board }: BoardPlace): RawBuilder<unknown> {
  return sql`(select coalesce(max(seq), -1) from board_updates where board_id = ${board})`;
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

/** The first officer to commit under a client id has it for good. In order of id, so that two nodes cannot deadlock. [BD-11] */
async function claimClients(tx: Tx, place: BoardPlace, batch: readonly Row[]): Promise<void> {
  const claims = batch
    .flatMap((row) => row.claims.map((client) => ({ client, socket: row.socket })))
    .sort((a, b) => a.client - b.client);
  if (claims.length === 0) return;
  const ids = claims.map(({ client }) => client);
  const officers = claims.map(({ socket }) => socket.pass.session.officer);
  await sql`insert into board_clients (board_id, client_id, officer_id)
            select ${place.board}, t.client_id, t.officer_id
            from unnest(${ids}::bigint[], ${officers}::text[]) as t (client_id, officer_id)
            on conflict do nothing`.execute(tx);
  const found = await rows<{ client_id: number; officer_id: OfficerId }>(
    tx,
    sql`select client_id, officer_id from board_clients
        where board_id = ${place.board} and client_id = any(${ids}::bigint[])`,
  );
  const owner = new Map(found.map((row) => [row.client_id, row.officer_id]));
  const refused = claims.filter(({ client, socket }) => owner.get(client) !== socket.pass.session.officer);
  if (refused.length > 0) throw new ClaimRefused(refused.map(({ socket }) => socket));
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
