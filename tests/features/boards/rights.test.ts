import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { systemRandom } from '#server/app/system.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import type { BoardId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/random.ts';

import { eventually } from './peer.ts';
import { stopBoardHubs } from './stores.ts';
import { has, join, logOf, newBoard, openRoom, peerOf, put, type Room } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom({ chanida: 'officer', sari: 'officer', bruno: 'observer', jonas: 'officer' });
});
afterAll(stopBoardHubs);

test('[BD-15] an observer sees everything; a change of theirs is refused, and nobody else notices', async () => {
  const lead = await join(room, 'tan.wei');
  const observer = await join(room, 'bruno');
  put(lead.doc, 'to look at');
  await eventually(() => has(observer.doc, 'to look at'), 'the observer sees it');
  expect(observer.closed).toBeNull();
  put(observer.doc, 'not allowed');
  await observer.end();
  expect([observer.closed, observer.rejects]).toEqual([{ code: 4403, reason: 'read.only' }, ['read.only']]);
  put(lead.doc, 'after');
  await lead.acknowledged();
  expect([has(lead.doc, 'not allowed'), lead.closed]).toEqual([false, null]);
  lead.hangUp();
});

test('[BD-11] a change under the client id of another officer is refused and stands on the record as refused', async () => {
  const victim = await join(room, 'tan.wei');
  put(victim.doc, 'mine');
  await victim.acknowledged();
  const forger = new Y.Doc();
  Y.applyUpdate(forger, Y.encodeStateAsUpdate(victim.doc));
  forger.clientID = victim.doc.clientID;
  const attacker = await join(room, 'chanida', { doc: forger });
  put(forger, 'forged');
  await attacker.end();
  expect([attacker.closed, attacker.rejects]).toEqual([
    { code: 4422, reason: 'update.foreign' },
    ['update.foreign'],
  ]);
  put(victim.doc, 'still mine');
  await victim.acknowledged();
  await eventually(() => victim.closed === null, 'the victim stays');
  expect(has(victim.doc, 'forged')).toBe(false);
  const refused = (await logOf(room)).filter(({ kind }) => kind === 'board.refused');
  expect(refused.map((entry) => [entry.officer_id, entry.outcome, entry.payload.toString()])).toEqual([
    [room.hub.officerId('chanida'), 'refused', '{"code":"update.foreign"}'],
  ]);
  victim.hangUp();
});

test('[BD-11] a client id that an officer announced by presence is theirs before its first change', async () => {
  const victim = await join(room, 'tan.wei');
  victim.sendPresence([{ client: victim.doc.clientID, clock: 1, state: '{}' }]);
  const attacker = await join(room, 'chanida');
  await eventually(
    () => attacker.presence.some(({ client }) => client === victim.doc.clientID),
    'it is seen',
  );
  const forger = new Y.Doc();
  forger.clientID = victim.doc.clientID;
  put(forger, 'first');
  attacker.sendUpdate(Y.encodeStateAsUpdate(forger));
  await attacker.end();
  expect(attacker.closed).toEqual({ code: 4422, reason: 'update.foreign' });
  victim.hangUp();
});

test('[BD-13] absent, of another compartment or of another operation: the answer is the same', async () => {
  const lead = await room.hub.signIn('tan.wei');
  const outside = await openRoom({}, room.hub);
  const partner = await newBoard(lead, room.operation, room.operation.partners);
  const closings = [];
  for (const [handle, given] of [
    ['tan.wei', { ...room, board: { ...room.board, id: newId<BoardId>(systemRandom) } }],
    ['jonas', room],
    ['chanida', outside],
    ['tan.wei', { ...room, board: outside.board }],
  ] as const) {
    const peer = peerOf(given, await room.hub.signIn(handle));
    await peer.end();
    closings.push([peer.closed, peer.frames]);
  }
  expect(closings).toEqual(closings.map(() => [{ code: 4404, reason: 'not.found' }, 0]));
  const welcome = await join({ ...room, board: partner }, 'jonas');
  expect(welcome.closed).toBeNull();
  welcome.hangUp();
});

test('[BD-14] removed from the operation, the socket closes and nothing more of it is committed', async () => {
  const lead = await room.hub.signIn('tan.wei');
  const other = await join(room, 'chanida');
  const removed = await join(room, 'sari');
  put(removed.doc, 'before');
  await removed.acknowledged();
  const revoke = lead.must(
    'POST',
    `/operations/${room.operation.id}/members/${room.hub.officerId('sari')}/remove`,
    {
      reason: 'Left the desk.',
    },
  );
  for (let n = 0; n < 50 && removed.closed === null; n++) {
    put(removed.doc, `race ${n}`);
    put(other.doc, `other ${n}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await revoke;
  await removed.end();
  await other.acknowledged();
  expect(removed.closed).toEqual({ code: 4401, reason: 'membership.ended' });
  const log = await logOf(room);
  const last = log.findLast(
    ({ kind, officer_id }) => kind === 'board.updated' && officer_id === room.hub.officerId('sari'),
  );
  expect(last?.seq).toBeLessThan(await removalIn(room));
  expect(other.closed).toBeNull();
  other.hangUp();
});

/** Where the removal stands on the record. */
async function removalIn({ hub, operation }: Room): Promise<number> {
  const [removal] = await hub.store.read((tx) =>
    rows<{ seq: number }>(
      tx,
      sql`select seq from entries where log_id = ${operation.id} and kind = 'member.removed'`,
    ),
  );
  return removal?.seq ?? -1;
}

test('[BD-14] signing out closes the board', async () => {
  const officer = await room.hub.signIn('chanida');
  const peer = peerOf(room, officer);
  await peer.ready();
  await officer.post('/sign-out');
  await peer.end();
  expect(peer.closed).toEqual({ code: 4401, reason: 'session.ended' });
});

test('[BD-15] when the operation is closed, editors are sent away, and what they open then is to look at', async () => {
  const closing = await openRoom({ chanida: 'officer' }, room.hub);
  const lead = await room.hub.signIn('tan.wei');
  const editor = await join(closing, 'chanida');
  await lead.must('POST', `/operations/${closing.operation.id}/close`, { reason: 'Done.' });
  await editor.end();
  expect(editor.closed).toEqual({ code: 4403, reason: 'operation.closed' });
  const reader = await join(closing, 'chanida');
  expect(reader.closed).toBeNull();
  put(reader.doc, 'late');
  await reader.end();
  expect(reader.closed).toEqual({ code: 4403, reason: 'operation.closed' });
});
