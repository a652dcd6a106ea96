import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { eventually } from '../peer.ts';
import { stopBoardHubs } from '../stores.ts';
import { has, join, json, put, replay } from '../support.ts';
import { Bytes, syncFrame } from './bytes.ts';
import { asBefore, entriesOf, openScene, own, type Scene, said, undisturbed, written } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(stopBoardHubs);

/** One struct of one client, and nothing deleted. */
const one = (client: number, clock: number, struct: (bytes: Bytes) => Bytes) =>
  struct(new Bytes().uint(1).uint(1).uint(client).uint(clock)).uint(0).done();
const value = (bytes: Bytes) =>
  bytes
    .byte(8 | 0x20)
    .uint(1)
    .text('cards')
    .text('key')
    .uint(1);
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let n = 0; n < levels; n++) value = { a: value };
  return value;
}

const refusedAsSuch: readonly (readonly [string, () => Uint8Array])[] = [
  ['a run of 2^53 deleted clocks', () => one(own, 0, (bytes) => bytes.byte(0).uint(2 ** 53))],
  ['a run of 2^31 deleted clocks', () => one(own, 0, (bytes) => bytes.byte(0).uint(2 ** 31))],
  [
    'deleted content of length 2^53',
    () =>
      one(own, 0, (bytes) =>
        bytes
          .byte(1 | 0x20)
          .uint(1)
          .text('cards')
          .text('k')
          .uint(2 ** 53),
      ),
  ],
  [
    '2^53 values',
    () =>
      one(own, 0, (bytes) =>
        bytes
          .byte(8 | 0x20)
          .uint(1)
          .text('cards')
          .text('k')
          .uint(2 ** 53),
      ),
  ],
  ['a clock of 2^53', () => one(own, 2 ** 53, (bytes) => value(bytes).byte(120))],
  ['2^53 clients', () => new Bytes().uint(2 ** 53).done()],
  [
    '2^53 structs',
    () =>
      new Bytes()
        .uint(1)
        .uint(2 ** 53)
        .uint(own)
        .uint(0)
        .done(),
  ],
  [
    'a deletion of 2^53 clocks',
    () =>
      new Bytes()
        .uint(0)
        .uint(1)
        .uint(own)
        .uint(1)
        .uint(0)
        .uint(2 ** 53)
        .done(),
  ],
  [
    'values nested 5,000 deep',
    () =>
      one(own, 0, (bytes) =>
        value(bytes)
          .raw(new Uint8Array(10_000).fill(117).map((byte, at) => (at % 2 === 0 ? byte : 1)))
          .byte(120),
      ),
  ],
  [
    'JSON nested 40 deep',
    () =>
      one(own, 0, (bytes) =>
        bytes
          .byte(5 | 0x20)
          .uint(1)
          .text('cards')
          .text('k')
          .text(JSON.stringify(nested(40))),
      ),
  ],
  [
    'types nested 40 deep',
    () =>
      written((doc) => {
        let inner = doc.getMap<unknown>('cards');
        for (let n = 0; n < 40; n++) {
          const next = new Y.Map<unknown>();
          inner.set('in', next);
          inner = next;
        }
      }),
  ],
  ['a document within the document', () => written((doc) => doc.getMap('cards').set('sub', new Y.Doc()))],
  ['the key __proto__ in a map', () => written((doc) => doc.getMap('cards').set('__proto__', 1))],
  [
    'the key __proto__ in a value',
    () => written((doc) => doc.getMap('cards').set('x', JSON.parse('{"__proto__":{"a":1}}'))),
  ],
  [
    'the key __proto__ in an attribute',
    () => one(own, 0, (bytes) => bytes.byte(6).uint(1).text('cards').text('__proto__').text('1')),
  ],
  ...['__proto__', 'constructor', 'toString', 'meta', ''].map(
    (name) =>
      [
        `the root ${name || 'without a name'}`,
        () =>
          one(own, 0, (bytes) =>
            bytes
              .byte(8 | 0x20)
              .uint(1)
              .text(name)
              .text('k')
              .uint(1)
              .byte(120),
          ),
      ] as const,
  ),
  [
    'an overwriting of what the hub wrote',
    () =>
      one(own, 0, (bytes) =>
        bytes
          .byte(8 | 0x80)
          .uint(scene.hub)
          .uint(0)
          .uint(1)
          .byte(120),
      ),
  ],
  [
    'three values under one key',
    () =>
      one(own, 0, (bytes) =>
        bytes
          .byte(8 | 0x20)
          .uint(1)
          .text('cards')
          .text('k')
          .uint(3)
          .byte(120, 120, 120),
      ),
  ],
  [
    'a neighbour in another list',
    () =>
      new Bytes()
        .uint(1)
        .uint(3)
        .uint(own)
        .uint(0)
        .byte(8)
        .uint(1)
        .text('links')
        .uint(1)
        .byte(120)
        .byte(8)
        .uint(1)
        .text('cards')
        .uint(1)
        .byte(120)
        .byte(8 | 0xc0)
        .uint(own)
        .uint(0)
        .uint(own)
        .uint(1)
        .uint(1)
        .byte(120)
        .uint(0)
        .done(),
  ],
  [
    'the second encoding of Yjs',
    () => {
      const doc = new Y.Doc();
      put(doc, 'second encoding');
      return Y.encodeStateAsUpdateV2(doc);
    },
  ],
];

test.each(refusedAsSuch)(
  '[BD-9] [BD-10] [BD-51] %s is refused, once on the record, and nobody else notices',
  async (_name, make) => {
    const before = await entriesOf(scene, 'chanida');
    const hostile = await join(scene.room, 'chanida');
    const update = make();
    hostile.raw(syncFrame(2, update));
    hostile.raw(syncFrame(2, update));
    await hostile.end();
    expect([hostile.closed, hostile.rejects]).toEqual([
      { code: 4422, reason: 'update.invalid' },
      ['update.invalid'],
    ]);
    expect(await undisturbed(scene)).toEqual(asBefore);
    expect((await entriesOf(scene, 'chanida')).slice(before.length).map(said)).toEqual([
      ['board.opened', 'null'],
      ['board.refused', '{"code":"update.invalid"}'],
    ]);
  },
);

test('[BD-12] a flood of changes that build on nothing is neither kept nor answered one by one, and the others work on', async () => {
  const before = await entriesOf(scene, 'chanida');
  const hostile = await join(scene.room, 'chanida', { answers: false });
  for (let n = 0; n < 400; n++)
    hostile.raw(
      syncFrame(
        2,
        one(own, 10 + n, (bytes) => value(bytes).byte(120)),
      ),
    );
  await eventually(() => hostile.asked === 2, 'it is asked what it has');
  for (let n = 0; n < 20; n++) expect(await undisturbed(scene)).toEqual(asBefore);
  expect([hostile.closed, hostile.asked]).toEqual([null, 2]);
  hostile.raw(
    syncFrame(
      1,
      one(own, 10, (bytes) => value(bytes).byte(120)),
    ),
  );
  await hostile.end();
  expect(hostile.closed).toEqual({ code: 1013, reason: 'update.gap' });
  expect(await undisturbed(scene)).toEqual(asBefore);
  expect((await entriesOf(scene, 'chanida')).slice(before.length).map(said)).toEqual([
    ['board.opened', 'null'],
    ['board.refused', '{"code":"update.gap"}'],
  ]);
}, 60_000);

test('[BD-12] a socket that never answers the hub’s question may look on for ever, and nothing of it counts', async () => {
  const before = await entriesOf(scene, 'chanida');
  const mute = await join(scene.room, 'chanida', { answers: false });
  mute.raw(
    syncFrame(
      2,
      one(own, 3, (bytes) => value(bytes).byte(120)),
    ),
  );
  await eventually(() => mute.asked === 2, 'it is asked');
  mute.raw(
    syncFrame(
      2,
      one(own, 0, (bytes) => value(bytes).byte(120)),
    ),
  );
  put(scene.victim.doc, 'shown to the mute');
  await eventually(() => has(mute.doc, 'shown to the mute'), 'it is shown what others do');
  expect([mute.closed, mute.lastAck, has(scene.victim.doc, 'key')]).toEqual([null, 0, false]);
  mute.hangUp();
  expect((await entriesOf(scene, 'chanida')).slice(before.length).map(said)).toEqual([
    ['board.opened', 'null'],
  ]);
});

test('[BD-11] a clock far ahead poisons nobody: neither under one’s own id nor under that of another', async () => {
  const hostile = await join(scene.room, 'chanida', { answers: false });
  hostile.raw(
    syncFrame(
      2,
      one(scene.victim.doc.clientID, 2 ** 30, (bytes) => value(bytes).byte(120)),
    ),
  );
  await hostile.end();
  expect(hostile.closed).toEqual({ code: 4422, reason: 'update.foreign' });
  const again = await join(scene.room, 'chanida', { answers: false });
  again.raw(
    syncFrame(
      2,
      one(own + 1, 2 ** 30, (bytes) => value(bytes).byte(120)),
    ),
  );
  await eventually(() => again.asked === 2, 'its own is a gap');
  again.hangUp();
  expect(await undisturbed(scene)).toEqual(asBefore);
});

test('names that every object has are only names: as keys of cards they harm nobody', async () => {
  const odd = await join(scene.room, 'chanida');
  for (const key of ['constructor', 'prototype', 'toString', 'hasOwnProperty', 'then']) put(odd.doc, key, 1);
  await odd.acknowledged();
  await eventually(() => has(scene.victim.doc, 'hasOwnProperty'), 'they are passed on');
  expect(await undisturbed(scene)).toEqual(asBefore);
  expect([Reflect.get({}, 'rule'), typeof {}.toString, json(scene.victim.doc)]).toEqual([
    undefined,
    'function',
    json(await replay(scene.room)),
  ]);
  odd.hangUp();
});
