import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Board } from '#shared/contracts/boards.ts';

import { stopBoardHubs } from './stores.ts';
import { json, logOf, openRoom, type Room, replay } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom({ bruno: 'observer', jonas: 'officer' });
});
afterAll(stopBoardHubs);

async function titles(handle: string): Promise<string[]> {
  const officer = await room.hub.signIn(handle);
  const path = `/operations/${room.operation.id}/boards`;
  const { boards } = await officer.must<{ boards: Board[] }>('GET', path);
  return boards.map(({ title }) => title);
}

test('[BD-25] a board is listed to its compartment only, and stands on the record with the layout of the hub', async () => {
  const lead = await room.hub.signIn('tan.wei');
  const path = `/operations/${room.operation.id}/boards`;
  const lane = await lead.must<Board>('POST', path, { title: 'Lane', compartment: room.operation.partners });
  expect([await titles('tan.wei'), await titles('bruno'), await titles('jonas')]).toEqual([
    ['Network', 'Lane'],
    ['Network', 'Lane'],
    ['Lane'],
  ]);
  const log = await logOf({ ...room, board: lane });
  expect(log.map(({ kind, officer_id }) => [kind, officer_id])).toEqual([
    ['board.created', room.hub.officerId('tan.wei')],
    ['board.updated', null],
  ]);
  expect(json(await replay({ ...room, board: lane }))).toEqual({
    cards: {},
    frames: {},
    links: {},
    meta: { schema: 1 },
  });
});

test('[BD-25] an observer, and a partner outside its lane, create no board', async () => {
  const path = `/operations/${room.operation.id}/boards`;
  const given = { title: 'Mine', compartment: room.operation.main };
  const observer = await (await room.hub.signIn('bruno')).post(path, given);
  const partner = await (await room.hub.signIn('jonas')).post(path, given);
  expect([observer.status, partner.status]).toEqual([403, 404]);
});
