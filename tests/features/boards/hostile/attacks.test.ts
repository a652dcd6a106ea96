import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { type BoardPeer, eventually } from '../peer.ts';
import { stopBoardHubs } from '../stores.ts';
import { has, join, json, type Logged, logOf, openRoom, put, type Room, replay } from '../support.ts';
import { Bytes, syncFrame } from './bytes.ts';

let room: Room;
let victim: BoardPeer;
/** The client id under which the hub laid out the board. */
let hub: number;
beforeAll(async () => {
  room = await openRoom({ chanida: 'officer', sari: 'officer', bruno: 'observer' });
  victim = await join(room, 'tan.wei');
  put(victim.doc, 'first');
  await victim.acknowledged();
  hub =
    [...Y.decodeStateVector(Y.encodeStateVector(victim.doc)).keys()].find(
      (id) => id !== victim.doc.clientID,
    ) ?? 0;
});
afterAll(stopBoardHubs);

const own = 4711;
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
/** The state of a document in which somebody has done `what`. */
function written(what: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = own;
  what(doc);
  return Y.encodeStateAsUpdate(doc);
}

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
          .uint(hub)
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
    const before = await entriesOf('chanida');
    const hostile = await join(room, 'chanida');
    const update = make();
    hostile.raw(syncFrame(2, update));
    hostile.raw(syncFrame(2, update));
    await hostile.end();
    expect([hostile.closed, hostile.rejects]).toEqual([
      { code: 4422, reason: 'update.invalid' },
      ['update.invalid'],
    ]);
    await expectUndisturbed();
    expect((await entriesOf('chanida')).slice(before.length).map(said)).toEqual([
      ['board.opened', 'null'],
      ['board.refused', '{"code":"update.invalid"}'],
    ]);
  },
);

test('[BD-12] a flood of changes that build on nothing is neither kept nor answered one by one, and the others work on', async () => {
  const before = await entriesOf('chanida');
  const hostile = await join(room, 'chanida', { answers: false });
  for (let n = 0; n < 400; n++)
    hostile.raw(
      syncFrame(
        2,
        one(own, 10 + n, (bytes) => value(bytes).byte(120)),
      ),
    );
  await eventually(() => hostile.asked === 2, 'it is asked what it has');
  for (let n = 0; n < 20; n++) await expectUndisturbed();
  expect([hostile.closed, hostile.asked]).toEqual([null, 2]);
  hostile.raw(
    syncFrame(
      1,
      one(own, 10, (bytes) => value(bytes).byte(120)),
    ),
  );
  await hostile.end();
  expect(hostile.closed).toEqual({ code: 1013, reason: 'update.gap' });
  await expectUndisturbed();
  expect((await entriesOf('chanida')).slice(before.length).map(said)).toEqual([
    ['board.opened', 'null'],
    ['board.refused', '{"code":"update.gap"}'],
  ]);
}, 60_000);

test('[BD-12] a socket that never answers the hub’s question may look on for ever, and nothing of it counts', async () => {
  const before = await entriesOf('chanida');
  const mute = await join(room, 'chanida', { answers: false });
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
  put(victim.doc, 'shown to the mute');
  await eventually(() => has(mute.doc, 'shown to the mute'), 'it is shown what others do');
  expect([mute.closed, mute.lastAck, has(victim.doc, 'key')]).toEqual([null, 0, false]);
  mute.hangUp();
  expect((await entriesOf('chanida')).slice(before.length).map(said)).toEqual([['board.opened', 'null']]);
});

test('[BD-11] a clock far ahead poisons nobody: neither under one’s own id nor under that of another', async () => {
  const hostile = await join(room, 'chanida', { answers: false });
  hostile.raw(
    syncFrame(
      2,
      one(victim.doc.clientID, 2 ** 30, (bytes) => value(bytes).byte(120)),
    ),
  );
  await hostile.end();
  expect(hostile.closed).toEqual({ code: 4422, reason: 'update.foreign' });
  const again = await join(room, 'chanida', { answers: false });
  again.raw(
    syncFrame(
      2,
      one(own + 1, 2 ** 30, (bytes) => value(bytes).byte(120)),
    ),
  );
  await eventually(() => again.asked === 2, 'its own is a gap');
  again.hangUp();
  await expectUndisturbed();
});

const readOnly: readonly (readonly [string, number, string, () => Uint8Array])[] = [
  [
    'a change',
    4403,
    'read.only',
    () =>
      syncFrame(
        2,
        written((doc) => put(doc, 'not allowed')),
      ),
  ],
  [
    'an answer',
    4403,
    'read.only',
    () =>
      syncFrame(
        1,
        written((doc) => put(doc, 'not allowed')),
      ),
  ],
  [
    'a deletion',
    4403,
    'read.only',
    () => syncFrame(2, new Bytes().uint(0).uint(1).uint(victim.doc.clientID).uint(1).uint(0).uint(1).done()),
  ],
  [
    'a change with its type padded',
    4400,
    'bad.frame',
    () =>
      new Bytes()
        .uint(0, true)
        .uint(2)
        .block(written((doc) => put(doc, 'not allowed')))
        .done(),
  ],
  [
    'a change with type and step padded',
    4400,
    'bad.frame',
    () =>
      new Bytes()
        .uint(0, true)
        .uint(2, true)
        .block(written((doc) => put(doc, 'not allowed')))
        .done(),
  ],
  [
    'a change with its length padded',
    4400,
    'bad.frame',
    () => {
      const update = written((doc) => put(doc, 'not allowed'));
      return new Bytes().byte(0, 2).uint(update.length, true).raw(update).done();
    },
  ],
  [
    'a change behind a question',
    4400,
    'bad.frame',
    () =>
      new Bytes()
        .byte(0, 0, 1, 0)
        .raw(
          syncFrame(
            2,
            written((doc) => put(doc, 'not allowed')),
          ),
        )
        .done(),
  ],
  [
    'a change as the answer to a request for rights',
    4400,
    'bad.frame',
    () =>
      new Bytes()
        .uint(2)
        .block(written((doc) => put(doc, 'not allowed')))
        .done(),
  ],
  [
    'a change as presence',
    4400,
    'bad.frame',
    () =>
      new Bytes()
        .uint(1)
        .block(written((doc) => put(doc, 'not allowed')))
        .done(),
  ],
  ['an acknowledgement', 4400, 'bad.frame', () => new Bytes().uint(100).uint(1).uint(1).done()],
];

test.each(readOnly)(
  '[BD-15] from who may only look, %s closes with %i %s',
  async (_name, code, reason, frame) => {
    const before = (await entriesOf('bruno')).length;
    const observer = await join(room, 'bruno');
    observer.raw(frame());
    await observer.end();
    expect(observer.closed).toEqual({ code, reason });
    await expectUndisturbed();
    expect(has(victim.doc, 'not allowed')).toBe(false);
    const since = (await entriesOf('bruno')).slice(before).map(said);
    expect(since.filter(([kind]) => kind === 'board.updated')).toEqual([]);
    expect(since.filter(([kind]) => kind === 'board.refused')).toHaveLength(code === 4400 ? 1 : 0);
  },
);

test('[BD-15] [BD-16] the refused writes of one observer are one denial at once, and the rest of the minute is counted', async () => {
  const denials = (await operationLog()).filter(({ kind }) => kind === 'access.refused');
  expect(denials.map(({ officer_id }) => officer_id)).toEqual([room.hub.officerId('bruno')]);
  expect(JSON.parse(denials[0]?.payload.toString() ?? '')).toMatchObject({
    rule: 'board.edit',
    code: 'read.only',
  });
});

test('[BD-15] an observer’s answer that holds nothing new is none of this, however it says nothing', async () => {
  const observer = await join(room, 'bruno');
  const hubsPart = new Bytes().uint(1).uint(hub).uint(1).done();
  observer.raw(syncFrame(1, Y.diffUpdate(Y.encodeStateAsUpdate(observer.doc), hubsPart)));
  observer.raw(syncFrame(2, Y.diffUpdate(Y.encodeStateAsUpdate(victim.doc), hubsPart)));
  observer.sent += 2;
  await eventually(() => observer.closed !== null || observer.lastAck === observer.sent, 'all is answered');
  expect(observer.closed).toBeNull();
  observer.hangUp();
});

test('names that every object has are only names: as keys of cards they harm nobody', async () => {
  const odd = await join(room, 'chanida');
  for (const key of ['constructor', 'prototype', 'toString', 'hasOwnProperty', 'then']) put(odd.doc, key, 1);
  await odd.acknowledged();
  await eventually(() => has(victim.doc, 'hasOwnProperty'), 'they are passed on');
  await expectUndisturbed();
  expect([Reflect.get({}, 'rule'), typeof {}.toString, json(victim.doc)]).toEqual([
    undefined,
    'function',
    json(await replay(room)),
  ]);
  odd.hangUp();
});

async function expectUndisturbed(): Promise<void> {
  put(victim.doc, 'goes on', Math.random());
  await victim.acknowledged();
  expect([victim.closed, victim.rejects, victim.asked]).toEqual([null, [], 1]);
}

async function operationLog(): Promise<Logged[]> {
  const { rows, sql } = await import('#server/platform/storage/store.ts');
  return room.hub.store.read((tx) =>
    rows<Logged>(
      tx,
      sql`select e.seq, e.kind, e.officer_id, e.outcome, c.payload from entries e
          join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
          where e.log_id = ${room.operation.id} order by e.seq`,
    ),
  );
}

async function entriesOf(handle: string): Promise<Logged[]> {
  return (await logOf(room)).filter(({ officer_id }) => officer_id === room.hub.officerId(handle));
}

function said({ kind, payload }: Logged): [string, string] {
  return [kind, payload.toString()];
}
