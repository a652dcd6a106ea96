import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import type { TestOfficer } from '#tests/support/officer.ts';

import { type BoardPeer, eventually } from '../peer.ts';
import { startBoardHub, stopBoardHubs } from '../stores.ts';
import { boardUrl, has, join, type Logged, logOf, openRoom, peerOf, put, type Room } from '../support.ts';
import { syncFrame } from './bytes.ts';
import { type Framing, RawLine, upgradeHead, webSocketFrame } from './raw-line.ts';

let room: Room;
let witness: BoardPeer;
let chanida: TestOfficer;
beforeAll(async () => {
  room = await openRoom();
  witness = await join(room, 'tan.wei');
  chanida = await room.hub.signIn('chanida');
});
afterAll(stopBoardHubs);

const nothing = new Uint8Array();
const ask = webSocketFrame(Uint8Array.of(0, 0, 1, 0));

async function open(officer: TestOfficer = chanida): Promise<RawLine> {
  const line = await RawLine.connect(room.hub.url);
  line.write(upgradeHead(boardUrl(room), officer));
  await eventually(() => line.frames.length > 0, 'the hub has asked what it has');
  return line;
}

function edit(key: string): Uint8Array {
  const doc = new Y.Doc();
  put(doc, key);
  return syncFrame(2, Y.encodeStateAsUpdate(doc));
}

async function refusals(): Promise<Logged[]> {
  return (await logOf(room)).filter(({ kind }) => kind === 'board.refused');
}

async function expectUnharmed(): Promise<void> {
  put(witness.doc, 'after', Math.random());
  await witness.acknowledged();
  expect([witness.closed, witness.rejects]).toEqual([null, []]);
}

const wrong: readonly (readonly [string, number, string, readonly (readonly [Uint8Array, Framing])[]])[] = [
  ['a frame that is announced with 100 MiB', 1009, 'too.large', [[nothing, { length: 100n << 20n }]]],
  ['a frame that is announced with 2^53 bytes', 1009, 'too.large', [[nothing, { length: 1n << 53n }]]],
  ['a frame that is announced with 2^63 bytes', 1009, 'too.large', [[nothing, { length: 1n << 63n }]]],
  [
    'fragments of more than 1 MiB together',
    1009,
    'too.large',
    [
      [new Uint8Array(700_000), { fin: false }],
      [new Uint8Array(700_000), { opcode: 0 }],
    ],
  ],
  [
    'more than 1,024 fragments',
    1008,
    'bad.frame',
    [
      [Uint8Array.of(0), { fin: false }],
      ...Array.from({ length: 1025 }, () => [Uint8Array.of(0), { opcode: 0, fin: false }] as const),
    ],
  ],
  ['a frame without its mask', 1002, 'bad.frame', [[Uint8Array.of(3), { masked: false }]]],
  ['an unknown kind of frame', 1002, 'bad.frame', [[Uint8Array.of(3), { opcode: 5 }]]],
  ['reserved bits', 1002, 'bad.frame', [[Uint8Array.of(3), { reserved: 4 }]]],
  ['a continuation of nothing', 1002, 'bad.frame', [[Uint8Array.of(3), { opcode: 0 }]]],
  ['a ping of 200 bytes', 1002, 'bad.frame', [[new Uint8Array(200), { opcode: 9 }]]],
  ['text that is no UTF-8', 1007, 'bad.frame', [[Uint8Array.of(0xc3, 0x28), { opcode: 1 }]]],
];

test.each(wrong)('[BD-45] %s closes with %i, and is one entry: %s', async (_name, code, refusal, frames) => {
  const before = (await refusals()).length;
  const line = await open();
  for (const [payload, framing] of frames) line.write(webSocketFrame(payload, framing));
  await eventually(() => line.goodbye !== null, 'it is closed');
  expect(line.goodbye?.code).toBe(code);
  await eventually(() => line.ended, 'the hub does not wait for an answer');
  await expectUnharmed();
  const since = (await refusals()).slice(before);
  expect(since.map(({ officer_id, payload }) => [officer_id, payload.toString()])).toEqual([
    [room.hub.officerId('chanida'), JSON.stringify({ code: refusal })],
  ]);
  line.hangUp();
});

test('[BD-50] frames that come byte by byte are heard when they are whole, and half a frame holds up nobody', async () => {
  const [slow, half] = [await open(), await open()];
  half.write(webSocketFrame(new Uint8Array(1000), { length: 1_000_000n }));
  await slow.dribble(webSocketFrame(edit('byte by byte')));
  await eventually(() => has(witness.doc, 'byte by byte'), 'it is passed on');
  const entries = (await logOf(room)).length;
  half.hangUp();
  slow.hangUp();
  await expectUnharmed();
  expect((await logOf(room)).length).toBe(entries + 1);
});

test('[BD-50] a frame in more than 4,096 pieces on the wire is given up', async () => {
  const line = await open();
  line.write(webSocketFrame(nothing, { length: 1_000_000n }));
  const dribbling = line.dribble(new Uint8Array(200_000));
  await eventually(() => line.goodbye !== null || line.closed, 'it is given up', 30_000);
  expect(line.goodbye?.code).toBe(1008);
  line.hangUp();
  await dribbling;
  await expectUnharmed();
}, 60_000);

test('[BD-13] what is sent together with the handshake is heard after it, and nothing of it is lost', async () => {
  const line = await RawLine.connect(room.hub.url);
  line.write(
    Buffer.concat([
      Buffer.from(upgradeHead(boardUrl(room), chanida)),
      ask,
      webSocketFrame(edit('with the handshake')),
      webSocketFrame(edit('right behind')),
    ]),
  );
  await eventually(
    () => has(witness.doc, 'with the handshake') && has(witness.doc, 'right behind'),
    'it is heard',
  );
  expect(line.frames.some(({ payload }) => payload[0] === 0 && payload[1] === 1)).toBe(true);
  line.hangUp();
});

test('[BD-46] a handshake that does not finish, and a line that says nothing, are cut off', async () => {
  const [loris, silent] = [await RawLine.connect(room.hub.url), await RawLine.connect(room.hub.url)];
  const head = upgradeHead(boardUrl(room), chanida).slice(0, -4);
  let sent = 0;
  await eventually(
    () => {
      if (!loris.ended) loris.write(head[sent] ?? 'x');
      sent += 1;
      return loris.closed || (loris.ended && silent.ended);
    },
    'both are cut off',
    40_000,
  );
  expect([loris.status, loris.frames]).toEqual([408, []]);
  for (const line of [loris, silent]) line.hangUp();
  await expectUnharmed();
}, 60_000);

test('[BD-46] who is turned away before the upgrade is cut off, though it keeps its own side open', async () => {
  const before = await connections(room);
  const lines = await Promise.all(Array.from({ length: 20 }, () => RawLine.connect(room.hub.url)));
  for (const line of lines) line.write(upgradeHead(boardUrl(room), { cookie: null }));
  await eventually(() => lines.every(({ status }) => status === 401), 'all are turned away');
  let left = Number.POSITIVE_INFINITY;
  for (; left > before; ) left = await connections(room);
  for (const line of lines) line.hangUp();
});

test('[BD-47] of 70 sockets that an officer opens at once 64 stay, and one that goes makes room', async () => {
  const sari = await room.hub.signIn('sari');
  const lines = await Promise.all(Array.from({ length: 70 }, () => RawLine.connect(room.hub.url)));
  for (const line of lines) line.write(upgradeHead(boardUrl(room), sari));
  await eventually(() => lines.every(({ frames }) => frames.length > 0), 'all are answered', 30_000);
  const away = lines.filter(({ goodbye }) => goodbye !== null);
  expect(away.map(({ goodbye }) => goodbye)).toEqual(
    Array.from({ length: 6 }, () => ({ code: 1013, reason: 'too.many' })),
  );
  const [first, ...others] = lines.filter(({ goodbye }) => goodbye === null);
  first?.hangUp();
  for (let joined = false; !joined; ) {
    const again = peerOf(room, sari);
    await again.ready();
    joined = again.closed === null;
    again.hangUp();
  }
  for (const line of [...others, ...away]) line.hangUp();
  await expectUnharmed();
}, 60_000);

test('[BD-46] who is refused again and again, and a network that knocks too often, is not heard for a while', async () => {
  // Of the limits of life so much that a network has 84 handshakes a minute, and an officer 17: not enough for two refusals.
  const strict = await openRoom({ chanida: 'officer' }, await startBoardHub({ limitScale: 0.07 }));
  const officer = await strict.hub.signIn('chanida');
  const tan = await strict.hub.signIn('tan.wei');
  const lead = peerOf(strict, tan);
  await lead.ready();
  for (let tries = 0; tries < 2; tries++) {
    const hostile = peerOf(strict, officer);
    await hostile.ready();
    hostile.raw(Uint8Array.of(100, 1, 1));
    await hostile.end();
    expect(hostile.closed?.code).toBe(4400);
  }
  const answerTo = async (who: Pick<TestOfficer, 'cookie'>) => {
    const line = await RawLine.connect(strict.hub.url);
    line.write(upgradeHead(boardUrl(strict), who));
    await eventually(() => line.status !== 0, 'it is answered');
    line.hangUp();
    return line.status;
  };
  expect(await answerTo(officer)).toBe(429);
  expect(await answerTo(tan)).toBe(101);
  const strangers = [];
  for (let n = 0; n < 84; n++) strangers.push(await answerTo({ cookie: null }));
  expect([strangers[0], strangers.at(-1)]).toEqual([401, 429]);
  put(lead.doc, 'goes on');
  await lead.acknowledged();
  lead.hangUp();
});

function connections({ hub }: Room): Promise<number> {
  return new Promise((resolve, reject) =>
    hub.hub.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
