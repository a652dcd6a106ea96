import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';

import type { Fact } from '#server/platform/facts.ts';
import { asId } from '#shared/kernel/ids.ts';

import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { LiveSocket, TestOfficer } from '#tests/support/officer.ts';

import { eventually } from '../peer.ts';
import { memory } from './memory.ts';

let hub: TestHub;
let glacier: Operation;
let chanida: TestOfficer;
let witness: LiveSocket;
beforeAll(async () => {
  hub = await startHub();
  glacier = await hub.operation('GLACIER', { chanida: 'officer' });
  chanida = await hub.signIn('chanida');
  witness = await (await hub.signIn('tan.wei')).connect();
});
afterAll(stopHubs);

/** Speaks engine.io and Socket.IO packet by packet. */
class PacketLine {
  readonly packets: string[] = [];
  closed: number | null = null;
  readonly ws: WebSocket;

  constructor({ url, cookie }: TestOfficer) {
    this.ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      headers: { origin: url, cookie: cookie ?? '' },
    });
    this.ws.on('message', (data) => this.packets.push(String(data)));
    this.ws.on('close', (code) => {
      this.closed = code;
    });
    this.ws.on('error', () => undefined);
  }

  static async open(officer: TestOfficer): Promise<PacketLine> {
    const line = new PacketLine(officer);
    await eventually(() => line.packets.length > 0 || line.closed !== null, 'the engine is open');
    return line;
  }

  static async join(officer: TestOfficer): Promise<PacketLine> {
    const line = await PacketLine.open(officer);
    line.ws.send('40');
    await eventually(() => line.packets.some((packet) => packet.startsWith('40')), 'it has joined');
    return line;
  }

  /** Up to which entry of the one room it is in. */
  get shownUpTo(): number {
    const frames = this.packets.filter((packet) => packet.startsWith('42["frame"'));
    return frames.reduce((most, packet) => Math.max(most, JSON.parse(packet.slice(2))[1].to), 0);
  }

  answerTo(id: number): unknown {
    const answer = this.packets.find((packet) => packet.startsWith(`43${id}[`));
    return answer === undefined ? null : JSON.parse(answer.slice(`43${id}`.length))[0];
  }

  done(): void {
    this.ws.terminate();
  }
}

async function expectUnharmed(): Promise<void> {
  expect(await witness.say('call', { name: 'identity.me', input: {} })).toMatchObject({ ok: true });
  expect(witness.closed).toBe(false);
}

test('[RM-11] events with the names that every object or emitter has are no events', async () => {
  const line = await PacketLine.join(chanida);
  const names = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'error',
    'message',
    'close',
    'data',
    '',
    1,
  ];
  for (const [id, name] of names.entries()) line.ws.send(`42${id}${JSON.stringify([name, {}])}`);
  await eventually(
    () => names.every((_name, id) => line.answerTo(id) !== null) || line.closed !== null,
    'all are answered',
  );
  for (const id of names.keys())
    expect(line.answerTo(id)).toMatchObject({ ok: false, refusal: { code: 'no.such.call' } });
  line.done();
  await expectUnharmed();
});

test.each(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'])(
  '[RM-11] the event %s, which Socket.IO keeps for itself, ends the line and nothing else',
  async (name) => {
    const line = await PacketLine.join(chanida);
    line.ws.send(`420${JSON.stringify([name, {}])}`);
    await eventually(() => line.closed !== null, 'it is cut off');
    await expectUnharmed();
  },
);

test.each([
  ['11 attachments', '4511-["call",{"_placeholder":true,"num":0}]'],
  ['2^53 attachments', '459007199254740992-["call",{"_placeholder":true,"num":0}]'],
  ['an attachment that is none', '451-["call",{"_placeholder":true,"num":"__proto__"}]'],
  ['text where an attachment is due', '451-["call",{"_placeholder":true,"num":0}]'],
  ['a packet of no kind', '49[]'],
  ['an event that is no list', '42{"a":1}'],
  ['an event cut short', '42["call",{'],
  ['a second joining', '40'],
])('[RM-11] %s ends the line and nothing else', async (_name, packet) => {
  const line = await PacketLine.join(chanida);
  line.ws.send(packet);
  line.ws.send('42["call",{}]');
  await eventually(() => line.closed !== null, 'it is cut off');
  await expectUnharmed();
});

test('[RM-11] an attachment that never comes holds up nobody, and one where none belongs is refused', async () => {
  const [waiting, sending] = [await PacketLine.join(chanida), await PacketLine.join(chanida)];
  waiting.ws.send('451-7["call",{"_placeholder":true,"num":0}]');
  sending.ws.send('451-7["call",{"_placeholder":true,"num":0}]');
  sending.ws.send(Buffer.alloc(100));
  await eventually(() => sending.answerTo(7) !== null, 'it is answered');
  expect([sending.answerTo(7), waiting.answerTo(7), waiting.closed]).toMatchObject([
    { ok: false, refusal: { code: 'bad.request' } },
    null,
    null,
  ]);
  for (const line of [waiting, sending]) line.done();
  await expectUnharmed();
});

test('[RM-11] [AC-13] JSON nested 100,000 levels deep is refused wherever it stands, over sockets and HTTP', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const line = await PacketLine.join(chanida);
  line.ws.send(`420["call",{"name":"identity.me","input":${deep}}]`);
  line.ws.send(`421["call",{"name":"chat.post","input":{"operationId":"${glacier.id}","text":${deep}}}]`);
  line.ws.send(`422["room.enter",{"operationId":"${glacier.id}","since":${deep}}]`);
  line.ws.send(`423["room.enter",${deep}]`);
  line.ws.send(`424["presence",{"operationId":"${glacier.id}","state":${deep}}]`);
  await eventually(() => line.answerTo(4) !== null || line.closed !== null, 'all are answered');
  for (const id of [1, 2, 3, 4])
    expect([id, line.answerTo(id)]).toMatchObject([
      id,
      { ok: false, refusal: { code: expect.stringMatching(/^bad\.request|no\.such\.call$/) } },
    ]);
  line.done();
  const http = await chanida.request(
    'POST',
    `/operations/${glacier.id}/messages`,
    `{"text":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  );
  expect([http.status, Reflect.get(Object(http.body), 'error')]).toMatchObject([
    400,
    { code: 'bad.request' },
  ]);
  await expectUnharmed();
});

test('[RM-11] a packet over 256 KiB ends the line', async () => {
  const line = await PacketLine.join(chanida);
  line.ws.send(`420["call",{"name":"identity.me","input":{"a":"${'x'.repeat(300_000)}"}}]`);
  await eventually(() => line.closed !== null, 'it is cut off');
  expect(line.closed).toBe(1009);
  await expectUnharmed();
});

test('[RM-11] who goes on however often it is refused is cut off, whether it reads the answers or not', async () => {
  const [reading, deaf] = [await PacketLine.join(chanida), await PacketLine.join(chanida)];
  deaf.ws.pause();
  for (const line of [reading, deaf]) {
    for (let id = 0; id < 5000 && line.closed === null; id++) line.ws.send(`42${id}["nothing",{}]`);
  }
  await eventually(() => reading.closed !== null, 'the one that reads is cut off');
  const answered = reading.packets.filter((packet) => packet.startsWith('43')).length;
  expect(answered).toBeLessThan(2000);
  deaf.ws.resume();
  await eventually(() => deaf.closed !== null, 'the one that does not is too');
  await expectUnharmed();
});

test('[BD-47] of 24 lines that an officer opens and never joins with, 20 stay, and not for long', async () => {
  const nguyen = await hub.signIn('nguyen');
  const lines = Array.from({ length: 24 }, () => new PacketLine(nguyen));
  await eventually(
    () => lines.every(({ packets, closed }) => packets.length > 0 || closed !== null),
    'all are answered',
  );
  expect(lines.filter(({ closed }) => closed === null)).toHaveLength(20);
  await eventually(
    () => lines.every(({ closed }) => closed !== null),
    'those that said nothing are cut off',
    15_000,
  );
  const welcome = await nguyen.connect();
  expect(welcome.closed).toBe(false);
  nguyen.close();
}, 40_000);

test('[RM-11] [RM-3] a follower that stops reading is held little for, and is sent what it missed once it reads', async () => {
  const room = await hub.operation('TUNDRA', { chanida: 'officer' });
  const [line, reader] = [await PacketLine.join(chanida), await (await hub.signIn('tan.wei')).connect()];
  line.ws.pause();
  const before = memory();
  await fillRecord(room, { entries: 8_000, bytes: 4_000 });
  line.ws.send(`421["room.enter",{"operationId":"${room.id}","since":0}]`);
  await reader.enter(room.id);
  await reader.until(() => reader.entries.length > 8_000, 'all of it to be read by who reads');
  reader.frames.splice(0, reader.frames.length);
  // 32 MB of entries, of which the network itself takes some.
  await eventually(() => memory() - before < 28 * 2 ** 20, 'little is held', 10_000);
  line.ws.resume();
  await eventually(() => line.shownUpTo > 8_000, 'it has everything', 60_000);
  expect(line.closed).toBeNull();
  line.done();
}, 120_000);

async function fillRecord(
  { id, main }: Operation,
  { entries, bytes }: { readonly entries: number; readonly bytes: number },
): Promise<void> {
  const fact: Fact = {
    kind: 'board.refused',
    by: { kind: 'hub' },
    object: null,
    compartment: asId(main),
    outcome: 'refused',
    command: null,
    body: { code: 'x'.repeat(bytes) },
  };
  for (let left = entries; left > 0; left -= 500)
    await hub.store.write((tx) =>
      hub.hub.append(tx, { log: id, epoch: null, facts: Array.from({ length: 500 }, () => fact) }),
    );
}
