import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';

import { BoardConnection } from '#client/features/boards/connection/board-connection.ts';
import { BoardPresence } from '#client/features/boards/model/presence.ts';
import { systemClock, systemRandom } from '#server/app/system.ts';
import { addCard, editCard } from '#shared/board/card.ts';
import { boardToJson, readBoard } from '#shared/board/read-board.ts';

import { boardUrl, openRoom, type Room } from '../../features/boards/support.ts';
import { card, note } from '../../shared/board/support.ts';

let room: Room;
const open: BoardConnection[] = [];
const me = { name: 'me' };

beforeAll(async () => {
  room = await openRoom();
}, 60_000);
afterAll(async () => {
  for (const connection of open) connection.leave();
  await room.hub.stop();
});

async function join(handle: string): Promise<BoardConnection> {
  const { cookie } = await room.hub.signIn(handle);
  const headers = { origin: room.hub.url, cookie: cookie ?? '' };
  const connection = new BoardConnection({
    url: boardUrl(room),
    clock: systemClock,
    random: systemRandom,
    openSocket: (url, protocols) => new NodeSocket(url, protocols, { headers }) as unknown as WebSocket,
  });
  open.push(connection);
  await until(connection, 'saved');
  return connection;
}

async function until(connection: BoardConnection, state: string): Promise<void> {
  await vi.waitFor(() => expect(connection.saveState.state).toBe(state), { timeout: 8000, interval: 5 });
}

test('[CB-9] with the hub itself: two officers edit, both are told that it is on the record', async () => {
  const [tan, chanida] = [await join('tan.wei'), await join('chanida')];
  addCard(tan.view.doc, { ...note(1), text: 'pay' }, me);
  expect(tan.saveState).toEqual({ state: 'saving', unsaved: 1 });
  await until(tan, 'saved');
  await vi.waitFor(() => expect(readBoard(chanida.view.doc).cards).toHaveLength(1));
  editCard(tan.view.doc, { id: card(1), text: 'job, pay' }, me);
  editCard(chanida.view.doc, { id: card(1), text: 'pay weekly' }, me);
  await until(tan, 'saved');
  await until(chanida, 'saved');
  await vi.waitFor(() => expect(boardToJson(tan.view.doc)).toEqual(boardToJson(chanida.view.doc)));
  expect(readBoard(tan.view.doc).cards[0]?.text).toBe('job, pay weekly');
});

test('[CB-17] with the hub itself: a cursor carries the name of the session', async () => {
  const [tan, sari] = [await join('tan.wei'), await join('sari')];
  const presence = new BoardPresence(tan.view.awareness);
  const sariPresence = new BoardPresence(sari.view.awareness);
  sariPresence.say({ cursor: { x: 5, y: 6 }, selection: [card(1)] });
  await vi.waitFor(() =>
    expect(presence.others()).toContainEqual(
      expect.objectContaining({ country: 'ID', cursor: { x: 5, y: 6 }, selection: [card(1)] }),
    ),
  );
  sari.leave();
  await vi.waitFor(() => expect(presence.others().some(({ country }) => country === 'ID')).toBe(false));
  presence.destroy();
  sariPresence.destroy();
});

test('[CB-12] with the hub itself: a write by somebody who may only look is refused for good', async () => {
  const bruno = await join('bruno');
  addCard(bruno.view.doc, note(9), me);
  await until(bruno, 'refused');
  expect(bruno.saveState).toEqual({ state: 'refused', code: 'read.only', unsaved: 1 });
  bruno.startAfresh();
  await until(bruno, 'saved');
  expect(readBoard(bruno.view.doc).cards.map(({ id }) => id)).toEqual([card(1)]);
});
