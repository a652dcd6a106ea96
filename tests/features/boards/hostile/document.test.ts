import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { LiveDocument, Poisoned } from '#server/features/boards/engine/live-document.ts';
import { readClientMessage } from '#server/features/boards/wire/messages.ts';
import { scanUpdate } from '#server/features/boards/wire/scan-update.ts';
import { admitUpdate } from '#server/features/boards/wire/validate.ts';
import { boardToJson } from '#shared/board/read-board.ts';
import { Chance } from '#tests/faults/support/chance.ts';

import { anyFrame, type Knowledge } from './grammar.ts';

/** FUZZ_SEED=N runs one again. */
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const boards = Math.ceil(Number(process.env.FUZZ_FRAMES ?? 20_000) / 200);
const hub = 6;

function seeded(): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = hub;
  doc.getMap('meta').set('schema', 1);
  return Y.encodeStateAsUpdate(doc);
}

/** Sends what fuzzers send to one board, as the hub takes it in; what the record has in the end. */
function fill(chance: Chance): { log: Uint8Array[]; live: LiveDocument; refused: number } {
  const log = [seeded()];
  let live = reloaded(log);
  let refused = 0;
  const clients: Knowledge[] = [];
  for (let frame = 0; frame < 200; frame++) {
    if (clients.length === 0 || chance.happens(0.1))
      clients.push({
        own: chance.int(10, 2 ** 32 - 1),
        clock: 0,
        foreign: clients.map(({ own }) => own),
        hub,
      });
    const know = chance.pick(clients);
    const { data } = anyFrame(chance, know);
    const message = typeof data === 'string' ? null : readClientMessage(data);
    const scan = message?.kind === 'edit' ? scanUpdate(message.update) : null;
    if (message?.kind !== 'edit' || scan === null) continue;
    const verdict = admitUpdate(scan, live, (client) => client === know.own);
    if (verdict.ok && verdict.adds) {
      try {
        const update = live.change((apply) => apply(message.update));
        if (update !== null) log.push(update);
      } catch (error) {
        expect(error).toBeInstanceOf(Poisoned);
        live = reloaded(log);
        refused += 1;
      }
    }
    know.clock = live.clock(know.own);
  }
  return { log, live, refused };
}

function reloaded(log: readonly Uint8Array[]): LiveDocument {
  const document = new LiveDocument();
  document.follow(log);
  return document;
}

function jsonOf(...updates: readonly Uint8Array[]): unknown {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null]);
  return boardToJson(doc);
}

test(`[BD-51] whatever is admitted, every client can apply it in every way it may come, and all have the same board (seed ${seed})`, {
  timeout: 60_000 + boards * 600,
}, () => {
  let poisoned = 0;
  let entries = 0;
  for (let board = 0; board < boards; board++) {
    const { log, live, refused } = fill(new Chance(seed + board));
    poisoned += refused;
    entries += log.length;
    const one = jsonOf(...log);
    const state = live.missing(Uint8Array.of(0));
    const merged = Y.mergeUpdates(log);
    const halves = [Y.mergeUpdates(log.slice(0, log.length / 2)), Y.mergeUpdates(log.slice(log.length / 2))];
    const again = reloaded(log).missing(Uint8Array.of(0));
    for (const other of [[state], [merged], halves, [again]])
      expect([board, jsonOf(...other)]).toEqual([board, one]);
  }
  expect([poisoned > 0, entries > boards * 20]).toEqual([true, true]);
});
