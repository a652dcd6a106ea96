import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';

import { BoardConnection } from '#client/features/boards/connection/board-connection.ts';
import { addCard, deleteCards, editCard } from '#shared/board/card.ts';
import { boardToJson, readBoard } from '#shared/board/read-board.ts';
import type { Clock } from '#shared/kernel/clock.ts';

import { card, note, officer } from '../../shared/board/support.ts';
import { FakeHub } from './fake-hub.ts';

let hub: FakeHub;
let open: BoardConnection[];
const me = { name: 'me' };

/** Real time, a hundred times faster for the waits between tries; `freeze` holds every timer. */
class FastClock implements Clock {
  #skipped = 0;
  readonly #waiting = new Set<{ at: number; act: () => void }>();
  now(): number {
    return performance.now() + this.#skipped;
  }
  after(delay: number, act: () => void): () => void {
    if (delay >= 5000) {
      const held = { at: this.now() + delay, act };
      this.#waiting.add(held);
      return () => this.#waiting.delete(held);
    }
    const timer = setTimeout(act, delay / 100);
    return () => clearTimeout(timer);
  }
  advance(by: number): void {
    this.#skipped += by;
    for (const held of [...this.#waiting]) {
      if (held.at > this.now()) continue;
      this.#waiting.delete(held);
      held.act();
    }
  }
}

beforeEach(async () => {
  hub = await FakeHub.start();
  open = [];
});
afterEach(async () => {
  for (const connection of open) connection.leave();
  await hub.stop();
});

function connect(clock: Clock = new FastClock()): BoardConnection {
  const connection = new BoardConnection({
    url: hub.url,
    clock,
    random: { bytes: (length) => new Uint8Array(length) },
    openSocket: (url, protocols) => new NodeSocket(url, protocols) as unknown as WebSocket,
  });
  open.push(connection);
  return connection;
}

async function until(connection: BoardConnection, state: string, unsaved = 0): Promise<void> {
  await vi.waitFor(() => expect(connection.saveState).toMatchObject({ state, unsaved }), { interval: 2 });
}

const add = (connection: BoardConnection, n: number) =>
  addCard(connection.view.doc, { ...note(n), createdBy: officer }, me);
const titles = (connection: BoardConnection) => readBoard(connection.view.doc).cards.map((one) => one.title);

test('[CB-9] an edit counts as unsaved until the hub has acknowledged it', async () => {
  const connection = connect();
  expect(connection.saveState).toEqual({ state: 'connecting', unsaved: 0 });
  expect(connection.view.shown).toBe(false);
  await until(connection, 'saved');
  expect([connection.view.shown, hub.offered]).toEqual([true, ['muster-board.1']]);
  hub.holding = true;
  add(connection, 1);
  add(connection, 2);
  await until(connection, 'saving', 2);
  hub.release();
  await until(connection, 'saved');
  expect(boardToJson(hub.doc)).toEqual(boardToJson(connection.view.doc));
});

test('[CB-9] a later edit stays unsaved when an earlier one is acknowledged', async () => {
  const connection = connect();
  await until(connection, 'saved');
  hub.holding = true;
  add(connection, 1);
  await vi.waitFor(() => expect(hub.held).toBe(1));
  add(connection, 2);
  await vi.waitFor(() => expect(hub.held).toBe(2));
  hub.releaseOne();
  await until(connection, 'saving', 1);
});

test('[CB-10] edits made offline, and those whose acknowledgement was lost, reach the hub once', async () => {
  const [connection, other] = [connect(), connect()];
  await until(connection, 'saved');
  await until(other, 'saved');
  add(connection, 1);
  await until(connection, 'saved');
  hub.holding = true;
  editCard(connection.view.doc, { id: note(1).id, text: 'in flight' }, me);
  hub.cut();
  await until(connection, 'offline', 1);
  editCard(connection.view.doc, { id: note(1).id, text: 'in flight, then offline' }, me);
  add(connection, 2);
  hub.release();
  await until(connection, 'saved');
  await vi.waitFor(() => expect(boardToJson(other.view.doc)).toEqual(boardToJson(connection.view.doc)));
  expect(readBoard(hub.doc).cards.map((one) => one.text)).toEqual(['in flight, then offline', '']);
});

test('[CB-10] deletions alone, which move no state vector, survive an interruption', async () => {
  const connection = connect();
  await until(connection, 'saved');
  add(connection, 1);
  await until(connection, 'saved');
  hub.holding = true;
  deleteCards(connection.view.doc, [note(1).id], me);
  hub.cut();
  hub.release();
  await until(connection, 'saved');
  expect(readBoard(hub.doc).cards).toEqual([]);
});

test('[CB-10] after a gap the hub asks again and gets everything unacknowledged as its answer', async () => {
  const connection = connect();
  await until(connection, 'saved');
  hub.holding = true;
  add(connection, 1);
  add(connection, 2);
  await vi.waitFor(() => expect(hub.held).toBe(2));
  hub.askAgain();
  await vi.waitFor(() => expect(hub.held).toBe(3));
  hub.release();
  await until(connection, 'saved');
  hub.askAgain();
  await vi.waitFor(() => expect(hub.edits).toBe(4));
  add(connection, 3);
  await until(connection, 'saved');
  expect(readBoard(hub.doc).cards.map((one) => one.id)).toEqual([card(1), card(2), card(3)]);
});

test('[CB-10] much work done offline goes in messages that the hub takes', async () => {
  const connection = connect();
  await until(connection, 'saved');
  hub.holding = true;
  hub.cut();
  await until(connection, 'offline');
  for (let n = 0; n < 60; n++) {
    addCard(connection.view.doc, { ...note(n), text: 'x'.repeat(9000), createdBy: officer }, me);
  }
  hub.release();
  await until(connection, 'saved');
  expect(hub.largest).toBeLessThan(256 * 1024);
  expect(boardToJson(hub.doc)).toEqual(boardToJson(connection.view.doc));
});

test('[CB-11] a line without a word for 30 s is given up and opened again', async () => {
  const clock = new FastClock();
  const connection = connect(clock);
  await until(connection, 'saved');
  for (let passed = 0; passed < 30; passed += 5) {
    clock.advance(5000);
    await new Promise(setImmediate);
  }
  await vi.waitFor(() => expect(hub.offered).toHaveLength(2));
  await until(connection, 'saved');
});

test.each([1011, 1012, 1013, 4500])('[CB-11] after close code %i the client comes again', async (code) => {
  const connection = connect();
  await until(connection, 'saved');
  hub.closeAll(code);
  await vi.waitFor(() => expect(hub.offered).toHaveLength(2));
  await until(connection, 'saved');
});

test.each([
  [4401, 'membership.ended', { state: 'removed', code: 'membership.ended' }],
  [4401, '', { state: 'removed', code: 'session.ended' }],
  [4404, '', { state: 'removed', code: 'not.found' }],
  [4403, '', { state: 'refused', code: 'read.only' }],
  [4413, 'too.large', { state: 'refused', code: 'too.large' }],
  [1009, 'too.large', { state: 'refused', code: 'too.large' }],
  [4499, '', { state: 'refused', code: 'bad.frame' }],
])('[CB-12] close code %i (%s) is final', async (code, reason, expected) => {
  const connection = connect();
  await until(connection, 'saved');
  hub.closeAll(code, reason);
  await until(connection, expected.state);
  expect(connection.saveState).toEqual({ ...expected, unsaved: 0 });
  connection.retryNow();
  expect(hub.offered).toHaveLength(1);
});

test('[CB-12] after a refusal the unsaved edits can be kept in words, and the board opened afresh', async () => {
  const connection = connect();
  await until(connection, 'saved');
  hub.refuseNext = { code: 'update.invalid', close: 4422 };
  addCard(connection.view.doc, { ...note(1), title: 'Mule' }, me);
  await until(connection, 'refused', 1);
  const kept = connection.describeUnsaved();
  expect(kept.changes).toMatchObject({ [`cards/${card(1)}`]: { title: 'Mule', kind: 'note' } });
  expect(kept.update.length).toBeGreaterThan(40);
  connection.startAfresh();
  await until(connection, 'saved');
  expect([titles(connection), readBoard(hub.doc).cards]).toEqual([[], []]);
});

test('[LC-8] a board of an operation that is closed goes on, to be read; with unsaved edits it says so and keeps them', async () => {
  const connection = connect();
  await until(connection, 'saved');
  hub.closeAll(4403, 'operation.closed');
  await vi.waitFor(() => expect(hub.offered).toHaveLength(2));
  await until(connection, 'saved');
  hub.refuseNext = { code: 'operation.closed', close: 4403 };
  addCard(connection.view.doc, { ...note(1), title: 'Too late' }, me);
  await until(connection, 'refused', 1);
  expect(connection.saveState).toMatchObject({ code: 'operation.closed' });
  expect(connection.describeUnsaved().changes).toMatchObject({ [`cards/${card(1)}`]: { title: 'Too late' } });
  expect(hub.offered).toHaveLength(2);
});

test('[CB-13] when somebody else holds the client id, the edits are written again under a new one', async () => {
  const connection = connect();
  await until(connection, 'saved');
  hub.edit((doc) => addCard(doc, { ...note(7), title: 'theirs', text: 'abc' }, me));
  await vi.waitFor(() => expect(titles(connection)).toEqual(['theirs']));
  const first = connection.view.doc;
  hub.refuseNext = { code: 'update.foreign', close: 4422 };
  hub.holding = true;
  addCard(first, { ...note(1), title: 'mine', text: 'words' }, me);
  editCard(first, { id: card(7), text: 'abc and more' }, me);
  await vi.waitFor(() => expect(hub.held).toBe(2));
  hub.release();
  await vi.waitFor(() => expect(connection.view.doc).not.toBe(first));
  await until(connection, 'saved');
  expect(connection.view.doc.clientID).not.toBe(first.clientID);
  const expected = [
    ['mine', 'words'],
    ['theirs', 'abc and more'],
  ];
  expect(readBoard(hub.doc).cards.map((one) => [one.title, one.text])).toEqual(expected);
  expect(boardToJson(hub.doc)).toEqual(boardToJson(connection.view.doc));
});

test('[CB-13] a hub that calls every id foreign is not asked for ever', async () => {
  const connection = connect();
  await until(connection, 'saved');
  add(connection, 1);
  await until(connection, 'saved');
  hub.refuseAll = { code: 'update.foreign', close: 4422 };
  deleteCards(connection.view.doc, [card(1)], me);
  await until(connection, 'refused', 1);
  expect(hub.offered).toHaveLength(4);
});

test('[CB-14] nothing is sent for a person who only looks', async () => {
  const connection = connect();
  await until(connection, 'saved');
  hub.cut();
  await vi.waitFor(() => expect(hub.offered).toHaveLength(2));
  await until(connection, 'saved');
  expect(hub.edits).toBe(0);
});

test('[CB-20] what is typed in a moment is one message, and waits for nothing else that is done', async () => {
  const connection = connect();
  await until(connection, 'saved');
  add(connection, 1);
  const type = (words: string) => {
    for (let n = 1; n <= words.length; n++) {
      editCard(connection.view.doc, { id: card(1), text: words.slice(0, n) }, me);
    }
  };
  type('weekly pay');
  expect(connection.saveState).toEqual({ state: 'saving', unsaved: 11 });
  await until(connection, 'saved');
  expect(hub.edits).toBe(2);
  type('weekly pay, cash');
  add(connection, 2);
  await until(connection, 'saved');
  expect(hub.edits).toBe(3);
  type('weekly pay, cash only');
  connection.leave();
  await vi.waitFor(() => expect(readBoard(hub.doc).cards[0]?.text).toBe('weekly pay, cash only'));
});
