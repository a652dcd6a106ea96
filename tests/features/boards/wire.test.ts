import fs from 'node:fs';

import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { readClientMessage } from '#server/features/boards/wire/messages.ts';
import { scanUpdate } from '#server/features/boards/wire/scan-update.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

/** A document in which everything that a board may hold has been written, changed and deleted. */
function richDocument(seed: number): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = 1000 + seed;
  const cards = doc.getMap<unknown>('cards');
  const card = new Y.Map<unknown>();
  cards.set('card', card);
  card.set('text', new Y.Text('Ünïcode 👮 '));
  card.set('values', [
    null,
    undefined,
    true,
    false,
    1,
    -70,
    2 ** 40,
    0.5,
    1e300,
    'x',
    { a: [1, { b: 'c' }] },
  ]);
  card.set('bytes', bytes(1, 2, 3));
  card.set('big', 2n ** 60n);
  const text = card.get('text') as Y.Text;
  text.insert(3, 'inserted', { bold: true });
  text.insertEmbed(2, { image: 'x' });
  text.delete(1, 4);
  const list = new Y.Array<unknown>();
  card.set('list', list);
  list.push(['a', 'b', 'c', seed]);
  list.delete(1, 2);
  cards.set('gone', new Y.Map([['deep', new Y.Map()]]));
  cards.delete('gone');
  return doc;
}

test('[BD-9] what Yjs writes is read, and the reading agrees with Yjs', () => {
  for (let seed = 0; seed < 20; seed++) {
    const doc = richDocument(seed);
    const update = Y.encodeStateAsUpdate(doc);
    const scan = scanUpdate(update);
    const meta = Y.parseUpdateMeta(update);
    const { structs, ds } = Y.decodeUpdate(update);
    expect(scan).toMatchObject({
      structs: structs.length,
      skips: false,
      brings: [...meta.from].map(([client, from]) => ({ client, from, to: meta.to.get(client) })),
      roots: new Set(['cards']),
      deletes: [...ds.clients].flatMap(([client, deletes]) =>
        deletes.map(({ clock, len }) => ({ client, from: clock, to: clock + len })),
      ),
    });
  }
});

test('[BD-9] mutated updates never make the reader fail, and what it accepts Yjs can decode', () => {
  const update = Y.encodeStateAsUpdate(richDocument(7));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(update.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (flips) => {
        const changed = Uint8Array.from(update);
        for (const [at, value] of flips) changed[at] = value;
        const scan = scanUpdate(changed);
        if (scan === null) return;
        expect(Y.decodeUpdate(changed).structs.length).toBe(scan.structs);
      },
    ),
    { numRuns: 3000 },
  );
});

test('[BD-9] an update is refused with trailing bytes, padded numbers, wrong UTF-8, subdocuments or nested bombs', () => {
  const good = Y.encodeStateAsUpdate(richDocument(1));
  const withSubdocument = new Y.Doc();
  withSubdocument.getMap('cards').set('sub', new Y.Doc());
  const bomb = new Y.Doc();
  let nested: unknown = 'end';
  for (let depth = 0; depth < 40; depth++) nested = { nested };
  bomb.getMap('cards').set('bomb', nested);
  const proto = new Y.Doc();
  proto.getMap('cards').set('x', JSON.parse('{"__proto__": 1}'));
  expect(scanUpdate(good)).not.toBeNull();
  expect(scanUpdate(bytes(0, 0))).not.toBeNull();
  for (const wrong of [
    bytes(),
    bytes(...good, 0),
    good.slice(0, -1),
    bytes(0x80, 0x00, 0x00),
    bytes(1, 1, 1, 0, 0x04, 0x01, 1, 0x63, 2, 0xc3, 0x28, 0),
    bytes(1, 1, 1, 0, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 0),
    Y.encodeStateAsUpdate(withSubdocument),
    Y.encodeStateAsUpdate(bomb),
    Y.encodeStateAsUpdate(proto),
  ]) {
    expect(scanUpdate(wrong)).toBeNull();
  }
});

test('[BD-8] a frame is one message of a known type, spelled in one way', () => {
  const update = Y.encodeStateAsUpdate(richDocument(1));
  const frame = (...head: number[]) =>
    encoding.encode((encoder) => {
      for (const byte of head) encoding.writeUint8(encoder, byte);
      encoding.writeVarUint8Array(encoder, update);
    });
  expect(readClientMessage(frame(0, 2))).toEqual({ kind: 'edit', update, answer: false });
  expect(readClientMessage(frame(0, 1))).toEqual({ kind: 'edit', update, answer: true });
  expect(readClientMessage(bytes(0, 0, 1, 0))).toEqual({ kind: 'ask', vector: bytes(0) });
  expect(readClientMessage(bytes(3))).toEqual({ kind: 'ask-presence' });
  expect(readClientMessage(bytes(1, 1, 0))).toEqual({ kind: 'presence', states: [] });
  for (const wrong of [
    frame(0x80, 0x00, 0x82, 0x00),
    frame(0, 3),
    frame(2),
    frame(100),
    bytes(...frame(0, 2), 0),
    bytes(0, 0, 2, 0, 0),
    bytes(),
  ]) {
    expect(readClientMessage(wrong)).toBeNull();
  }
});

test('[BD-8] the example of docs/protocol/boards.md is what the hub reads', () => {
  const page = fs.readFileSync(new URL('../../../docs/protocol/boards.md', import.meta.url), 'utf8');
  const sent = [...page.matchAll(/^→ ((?:[0-9a-f]{2} )*[0-9a-f]{2})/gm)].map(([, hex = '']) =>
    hex.split(' '),
  );
  const read = sent.map((frame) =>
    readClientMessage(Uint8Array.from(frame, (byte) => Number.parseInt(byte, 16))),
  );
  expect(read.map((message) => message?.kind)).toEqual(['ask', 'edit', 'edit']);
  const doc = new Y.Doc();
  for (const message of read) if (message?.kind === 'edit') Y.applyUpdate(doc, message.update);
  expect(doc.getMap('cards').toJSON()).toEqual({ a: 'x' });
});
