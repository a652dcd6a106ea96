import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { eventually } from '../peer.ts';
import { stopBoardHubs } from '../stores.ts';
import { has, join, put } from '../support.ts';
import { Bytes, syncFrame } from './bytes.ts';
import {
  asBefore,
  entriesOf,
  openScene,
  operationLog,
  type Scene,
  said,
  undisturbed,
  written,
} from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(stopBoardHubs);

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
    () =>
      syncFrame(
        2,
        new Bytes().uint(0).uint(1).uint(scene.victim.doc.clientID).uint(1).uint(0).uint(1).done(),
      ),
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
    const before = (await entriesOf(scene, 'bruno')).length;
    const observer = await join(scene.room, 'bruno');
    observer.raw(frame());
    await observer.end();
    expect(observer.closed).toEqual({ code, reason });
    expect(await undisturbed(scene)).toEqual(asBefore);
    expect(has(scene.victim.doc, 'not allowed')).toBe(false);
    const since = (await entriesOf(scene, 'bruno')).slice(before).map(said);
    expect(since.filter(([kind]) => kind === 'board.updated')).toEqual([]);
    expect(since.filter(([kind]) => kind === 'board.refused')).toHaveLength(code === 4400 ? 1 : 0);
  },
);

test('[BD-15] [BD-16] the refused writes of one observer are one denial at once, and the rest of the minute is counted', async () => {
  const denials = (await operationLog(scene)).filter(({ kind }) => kind === 'access.refused');
  expect(denials.map(({ officer_id }) => officer_id)).toEqual([scene.room.hub.officerId('bruno')]);
  expect(JSON.parse(denials[0]?.payload.toString() ?? '')).toMatchObject({
    rule: 'board.edit',
    code: 'read.only',
  });
});

test('[BD-15] an observer’s answer that holds nothing new is none of this, however it says nothing', async () => {
  const observer = await join(scene.room, 'bruno');
  const hubsPart = new Bytes().uint(1).uint(scene.hub).uint(1).done();
  observer.raw(syncFrame(1, Y.diffUpdate(Y.encodeStateAsUpdate(observer.doc), hubsPart)));
  observer.raw(syncFrame(2, Y.diffUpdate(Y.encodeStateAsUpdate(scene.victim.doc), hubsPart)));
  observer.sent += 2;
  await eventually(() => observer.closed !== null || observer.lastAck === observer.sent, 'all is answered');
  expect(observer.closed).toBeNull();
  observer.hangUp();
});
