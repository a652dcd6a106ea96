import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { root } from '#shared/board/document.ts';
import { type BoardPeer, eventually } from '#tests/features/boards/peer.ts';
import { startBoardHub, stopBoardHubs } from '#tests/features/boards/stores.ts';
import { json, logOf, newBoard, peerOf, type Room, replay } from '#tests/features/boards/support.ts';
import { type Trouble, TroubledStore } from '#tests/features/boards/troubled-store.ts';
import type { Operation, TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { seededRandom } from './seeded-random.ts';

const officers = ['tan.wei', 'chanida', 'sari', 'nguyen'] as const;
const seeds = [1, 20_261_123, Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))];

let hub: TestHub;
let operation: Operation;
let troubled: TroubledStore;
let people: TestOfficer[];
beforeAll(async () => {
  hub = await startBoardHub({
    store(real) {
      troubled = new TroubledStore(real);
      return troubled.store;
    },
  });
  operation = await hub.operation('Glacier', { chanida: 'officer', sari: 'officer', nguyen: 'officer' });
  people = await Promise.all(officers.map((handle) => hub.signIn(handle)));
});
afterAll(stopBoardHubs);

/** One editor: a replica that outlives its sockets, and what it was told is on the record. */
type Editor = { readonly doc: Y.Doc; readonly officer: TestOfficer; peer: BoardPeer | null };

type Dice = ReturnType<typeof seededRandom>;

test.each(seeds)(
  '[BD-1] [BD-4] random edits, cuts and store faults converge, and the record has all of it (seed %i)',
  async (seed) => {
    const dice = seededRandom(seed);
    const room = { hub, operation, board: await newBoard(people[0] as TestOfficer, operation) };
    const editors: Editor[] = people.map((officer) => ({ doc: docFrom(dice), officer, peer: null }));
    for (let step = 0; step < 250; step++) {
      await act(room, dice.one(editors), dice);
      if (dice.below(4) === 0) await new Promise((resolve) => setTimeout(resolve, dice.below(8)));
    }
    troubled.troubles.length = 0;
    await quiet(room, editors);
    const recorded = json(await replay(room));
    for (const { doc } of editors) expect(json(doc)).toEqual(recorded);
    await expectEveryPrefixWhole(room);
    for (const { peer } of editors) peer?.hangUp();
  },
  60_000,
);

/** Client ids come from the seed too: they settle who wins a conflict. */
function docFrom(dice: Dice): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = dice.below(2 ** 31);
  return doc;
}

async function act(room: Room, editor: Editor, dice: Dice): Promise<void> {
  const connected = editor.peer !== null && editor.peer.closed === null;
  const what = dice.below(20);
  if (!connected && what < 6) editor.peer = peerOf(room, editor.officer, { doc: editor.doc });
  else if (connected && what === 0) editor.peer?.hangUp();
  else if (what === 1)
    troubled.troubles.push(dice.one<Trouble>(['refuse', 'stands, unknown', 'lost, unknown']));
  else edit(editor.doc, dice);
}

function edit(doc: Y.Doc, dice: Dice): void {
  const cards = root(doc, 'cards');
  const key = `card ${dice.below(6)}`;
  const card = cards.get(key);
  if (!(card instanceof Y.Map)) {
    cards.set(key, new Y.Map<unknown>([['text', new Y.Text('')]]));
    return;
  }
  const text = card.get('text');
  const what = dice.below(8);
  if (what === 0) cards.delete(key);
  else if (what < 4) card.set(`field ${dice.below(3)}`, dice.below(1000));
  else if (text instanceof Y.Text && what < 7)
    text.insert(dice.below(text.length + 1), `${dice.below(100)},`);
  else if (text instanceof Y.Text && text.length > 2) text.delete(dice.below(text.length - 1), 1);
}

/** Everybody connected, everything acknowledged, everything passed on. */
async function quiet(room: Room, editors: readonly Editor[]): Promise<void> {
  await eventually(
    () => {
      for (const editor of editors) {
        if (editor.peer === null || editor.peer.closed !== null) {
          editor.peer = peerOf(room, editor.officer, { doc: editor.doc });
        }
      }
      return editors.every(({ peer }) => peer?.synced === true && peer.lastAck === peer.sent);
    },
    'everything is acknowledged',
    30_000,
  );
  const texts = () => editors.map(({ doc }) => JSON.stringify(json(doc)));
  await eventually(() => new Set(texts()).size === 1, 'all replicas are equal');
}

/** Every prefix of the record is a state in itself: nothing in it waits for what comes later. */
async function expectEveryPrefixWhole(room: Room): Promise<void> {
  const doc = new Y.Doc();
  for (const { kind, payload, seq } of await logOf(room)) {
    if (kind !== 'board.updated') continue;
    Y.applyUpdate(doc, payload);
    expect([seq, doc.store.pendingStructs, doc.store.pendingDs]).toEqual([seq, null, null]);
  }
}
