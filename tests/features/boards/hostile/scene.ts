import * as Y from 'yjs';

import { rows, sql } from '#server/platform/storage/store.ts';

import type { BoardPeer } from '../peer.ts';
import { join, type Logged, logOf, openRoom, put, type Room } from '../support.ts';

/** A board with one honest officer at it, whom nothing of what others do should reach. */
export type Scene = {
  readonly room: Room;
  readonly victim: BoardPeer;
  /** The client id under which the hub laid out the board. */
  readonly hub: number;
};

/** The client id of those who attack. */
export const own = 4711;

export async function openScene(): Promise<Scene> {
  const room = await openRoom({ chanida: 'officer', sari: 'officer', bruno: 'observer' });
  const victim = await join(room, 'tan.wei');
  put(victim.doc, 'first');
  await victim.acknowledged();
  const known = Y.decodeStateVector(Y.encodeStateVector(victim.doc)).keys();
  return { room, victim, hub: [...known].find((id) => id !== victim.doc.clientID) ?? 0 };
}

/** The state of a document in which somebody has done `what`. */
export function written(what: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = own;
  what(doc);
  return Y.encodeStateAsUpdate(doc);
}

/** The victim's next change is acknowledged, and they were asked and refused nothing. */
export async function undisturbed({ victim }: Scene): Promise<unknown> {
  put(victim.doc, 'goes on', Math.random());
  await victim.acknowledged();
  return { closed: victim.closed, rejects: victim.rejects, asked: victim.asked };
}
export const asBefore = { closed: null, rejects: [], asked: 1 };

/** Entries about the board by one officer. */
export async function entriesOf({ room }: Scene, handle: string): Promise<Logged[]> {
  return (await logOf(room)).filter(({ officer_id }) => officer_id === room.hub.officerId(handle));
}

/** All entries of the operation. */
export function operationLog({ room: { hub, operation } }: Scene): Promise<Logged[]> {
  return hub.store.read((tx) =>
    rows<Logged>(
      tx,
      sql`select e.seq, e.kind, e.officer_id, e.outcome, c.payload from entries e
          join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
          where e.log_id = ${operation.id} order by e.seq`,
    ),
  );
}

export function said({ kind, payload }: Logged): [string, string] {
  return [kind, payload.toString()];
}
