import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

import type { BoardSocket } from '../sockets/board-socket.ts';
import type { BoardPlace, EngineDeps } from '../types.ts';
import { indexRows, newestBelow } from './board-index.ts';
import type { Row, Written } from './commit-rows.ts';
import { unseen } from './unseen.ts';
import type { Sent } from './write-together.ts';

export class SessionsEnded extends Error {
  readonly ended: ReadonlySet<string>;
  constructor(ended: ReadonlySet<string>) {
    super('sessions have ended');
    this.ended = ended;
  }
}

export class Unseen extends Error {}

export class ClaimRefused extends Error {
  readonly sockets: readonly BoardSocket[];
  constructor(sockets: readonly BoardSocket[]) {
    super('client ids of other officers');
    this.sockets = sockets;
  }
}

/** A transaction that finds out what stands in the way of a batch, and says so by what it throws. */
export async function writeInSteps(
  { store, holdSessions, append }: EngineDeps,
  { work, about }: Sent,
): Promise<Written> {
  const { place, batch, epoch, sessions, facts } = work;
  return store.write(async (tx) => {
    const ended = await holdSessions(tx, sessions);
    if (ended.size > 0) throw new SessionsEnded(ended);
    await claimClients(tx, place, batch);
    const recorded = await append(tx, { log: place.operation, epoch, facts });
    // The sub-selects see what was committed before the record's row lock was ours, and nothing of this statement.
    const first = await oneRow<{ before: number; unseen: boolean }>(
      tx,
      sql`with indexed as (
            insert into board_updates (board_id, seq, client_ids, size)
            select board_id, seq, client_ids, size from (${indexRows([work], [recorded])}) as i)
          select b.before, exists (${unseen([work])}) as unseen from (${newestBelow([place])}) as b`,
    );
    invariant(first !== null, 'a select without an answer');
    if (first.unseen) throw new Unseen();
    about(recorded);
    return { recorded, before: first.before };
  });
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
