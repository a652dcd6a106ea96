import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { BoardConnection } from '#client/features/boards/connection/board-connection.ts';
import { boardOf, type LostEdit } from '#client/features/boards/connection/lost-edits.ts';
import { systemClock, systemRandom } from '#server/app/system.ts';
import { addCard, deleteCards, editCard, moveCards } from '#shared/board/card.ts';
import { recordOf } from '#shared/board/document.ts';
import { readBoard } from '#shared/board/read-board.ts';
import { restoreBoard } from '#shared/board/restore.ts';
import { card, note } from '../../shared/board/support.ts';
import { eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { json, logOf, openRoom, type Room, replay } from './support.ts';

afterAll(stopBoardHubs);

const me = { name: 'me' };
const titled = (n: number) => ({ ...note(n), title: `card ${n}` });
const titles = (doc: Y.Doc) =>
  readBoard(doc)
    .cards.map(({ title }) => title)
    .sort();
const textOf = (doc: Y.Doc) => recordOf(doc, 'cards', card(1))?.get('text')?.toString();
const told = (edits: readonly LostEdit[]) =>
  edits
    .map(({ id, mine, changes }) => [id.slice(-2), mine, changes.map(({ what, field }) => field ?? what)])
    .sort();

function type(doc: Y.Doc, words: string): void {
  const text = recordOf(doc, 'cards', card(1))?.get('text');
  if (text instanceof Y.Text) text.insert(text.length, words);
}

function again(connection: BoardConnection, edits: readonly LostEdit[]): void {
  const which = new Set(edits.map(({ id }) => id));
  restoreBoard(connection.view.doc, boardOf(edits), which, me);
}

test('[CB-30] [CB-31] [CB-32] after a restore, old pages merge nothing, double nothing, and offer what was lost', {
  timeout: 180_000,
}, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-restored-'));
  const [data, backup] = [path.join(folder, 'data'), path.join(folder, 'backup')];
  let room: Room = await openRoom({ chanida: 'officer' }, await startBoardHub({ folder, signer: false }));
  const asked: string[] = [];
  const connect = async (handle: string) => {
    const { cookie } = await room.hub.signIn(handle);
    return new BoardConnection({
      url: `/y/${room.operation.id}/${room.board.id}`,
      clock: systemClock,
      random: systemRandom,
      openSocket: (url, protocols) => {
        asked.push(url);
        const { hub } = room;
        const headers = { origin: hub.url, cookie: cookie ?? '' };
        return new WebSocket(hub.url.replace('http', 'ws') + url, protocols, { headers }) as never;
      },
    });
  };
  const saved = (one: BoardConnection) =>
    eventually(() => one.saveState.state === 'saved', 'all is saved', 30_000);
  const moveOn = async (how: { restored?: string }) => {
    room = { ...room, hub: await startBoardHub({ folder, signer: false, ...how }) };
  };

  const tan = await connect('tan.wei');
  const chanida = await connect('chanida');
  await saved(tan);
  for (const n of [1, 3]) addCard(tan.view.doc, { ...titled(n), text: 'kept. ' }, me);
  await saved(tan);
  await room.hub.halt();
  fs.cpSync(data, backup, { recursive: true });
  await moveOn({});
  tan.retryNow();
  chanida.retryNow();
  await saved(tan);
  await saved(chanida);
  addCard(tan.view.doc, titled(2), me);
  type(tan.view.doc, 'lost.');
  deleteCards(tan.view.doc, [card(3)], me);
  await saved(tan);
  await eventually(() => titles(chanida.view.doc).length === 2, 'chanida has it');
  moveCards(chanida.view.doc, [{ id: card(1), x: 700, y: 70 }], me);
  addCard(chanida.view.doc, titled(4), me);
  await saved(chanida);
  await eventually(() => titles(tan.view.doc).length === 3, 'tan has it');
  await room.hub.halt();
  addCard(tan.view.doc, titled(5), me);
  fs.rmSync(data, { recursive: true });
  fs.cpSync(backup, data, { recursive: true });
  await moveOn({ restored: 'today' });
  const before = (await logOf(room)).length;

  tan.retryNow();
  await eventually(
    () => tan.view.aside && tan.view.shown && tan.saveState.state === 'saved',
    'tan is back',
    30_000,
  );
  expect(titles(tan.view.doc)).toEqual(['card 1', 'card 3']);
  const since = (await logOf(room)).slice(before);
  expect([...new Set(since.map(({ kind }) => kind))]).toEqual(['board.opened']);
  expect(asked.some((url) => /\?epoch=0{16}&head=[1-9]/.test(url))).toBe(true);
  expect(told(tan.lostEdits())).toEqual(
    [
      [card(1), true, ['text', 'moved']],
      [card(2), true, ['added']],
      [card(3), true, ['deleted']],
      [card(4), false, ['added']],
      [card(5), true, ['added']],
    ].map(([id, ...rest]) => [String(id).slice(-2), ...rest]),
  );

  // Somebody went on working meanwhile: that is not lost, and is not undone by what comes back of other records.
  editCard(tan.view.doc, { id: card(3), title: 'new life' }, me);
  await saved(tan);
  again(
    tan,
    tan.lostEdits().filter(({ mine, id }) => mine && id !== card(3)),
  );
  await saved(tan);
  expect(titles(tan.view.doc)).toEqual(['card 1', 'card 2', 'new life', 'card 5'].sort());
  expect(textOf(tan.view.doc)).toBe('kept. lost.');

  chanida.retryNow();
  await eventually(
    () => chanida.view.shown && chanida.saveState.state === 'saved',
    'chanida is back',
    30_000,
  );
  // What Tan Wei has made again is no longer offered; the deletion that he left alone is seen on both pages.
  expect(told(chanida.lostEdits()).map(([id]) => id)).toEqual([card(3), card(4)].map((id) => id.slice(-2)));
  again(
    chanida,
    chanida.lostEdits().filter(({ mine }) => mine),
  );
  await saved(chanida);
  await eventually(() => titles(tan.view.doc).length === 5, 'tan sees it');
  expect(told(tan.lostEdits()).map(([id]) => id)).toEqual([card(3).slice(-2)]);
  tan.dropLost();
  expect([tan.lostEdits(), tan.view.aside]).toEqual([[], false]);
  const stands = await replay(room);
  expect(json(stands)).toEqual(json(tan.view.doc));
  expect(textOf(stands)).toBe('kept. lost.');
  for (const one of [tan, chanida]) one.leave();
});

test('[CB-33] a parked board goes on where it was, and sends what was not sent', {
  timeout: 60_000,
}, async () => {
  const room = await openRoom({}, await startBoardHub({ signer: false }));
  const { cookie } = await room.hub.signIn('tan.wei');
  const lines: WebSocket[] = [];
  const tan = new BoardConnection({
    url: `${room.hub.url.replace('http', 'ws')}/y/${room.operation.id}/${room.board.id}`,
    clock: systemClock,
    random: systemRandom,
    openSocket: (url, protocols) => {
      const line = new WebSocket(url, protocols, {
        headers: { origin: room.hub.url, cookie: cookie ?? '' },
      });
      lines.push(line);
      return line as never;
    },
  });
  await eventually(() => tan.saveState.state === 'saved', 'the board is open');
  for (const line of lines) line.terminate();
  addCard(tan.view.doc, titled(1), me);
  expect(tan.park()).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  const before = lines.length;
  tan.resume();
  await eventually(() => tan.saveState.state === 'saved', 'it is saved');
  expect([lines.length - before, titles(await replay(room))]).toEqual([1, ['card 1']]);
  tan.leave();
});
