import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { oneRow, sql } from '#server/platform/storage/store.ts';
import type { HubOptions } from '#tests/support/hub.ts';
import { nodeBeside } from './node-beside.ts';
import { eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { has, join, json, logOf, openRoom, peerOf, put, type Room, replay, stock } from './support.ts';

afterAll(stopBoardHubs);

/** Whole hubs are stopped, copied and started again. */
const timeout = 120_000;

/** A backup holds `kept`; everything after it, above all `lost`, is only in the pages of Tan Wei and Chanida. */
async function losesItsEnd(how: HubOptions = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-restored-'));
  const data = path.join(folder, 'data');
  const backup = path.join(folder, 'backup');
  const members = { chanida: 'officer', sari: 'officer' } as const;
  const first = await openRoom(members, await startBoardHub({ ...how, folder }));
  const early = await join(first, 'tan.wei');
  put(early.doc, 'kept');
  await early.acknowledged();
  await signed(first, how.signer ?? true);
  await first.hub.halt();
  fs.cpSync(data, backup, { recursive: true });

  const second = { ...first, hub: await startBoardHub({ ...how, folder }) };
  const author = await join(second, 'tan.wei', { doc: early.doc });
  const reader = await join(second, 'chanida');
  put(author.doc, 'lost');
  await author.acknowledged();
  await eventually(() => has(reader.doc, 'lost'), 'the reader has it');
  await signed(second, how.signer ?? true);
  const seen = { epoch: author.life?.docEpoch ?? '', head: author.life?.head ?? 0 };
  await second.hub.halt();
  fs.rmSync(data, { recursive: true });
  fs.cpSync(backup, data, { recursive: true });
  put(reader.doc, 'offline');
  const again = async (options: HubOptions = {}): Promise<Room> => ({
    ...first,
    hub: await startBoardHub({ ...how, ...options, folder }),
  });
  return { again, author, reader, seen };
}

/** Every record is signed as it stands. */
async function signed({ hub }: Room, signs: boolean): Promise<void> {
  if (!signs) return;
  for (let left = 1; left > 0; ) {
    const row = await hub.store.read((tx) =>
      oneRow<{ left: number }>(
        tx,
        sql`select count(*)::int as left from logs l where l.head <> coalesce((select max(size) from checkpoints c where c.log_id = l.id), 0)`,
      ),
    );
    left = row?.left ?? 1;
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function epochOf({ hub, operation }: Room): Promise<string> {
  return hub.store.read(async (tx) => {
    const row = await oneRow<{ doc_epoch: string }>(
      tx,
      sql`select doc_epoch from logs where id = ${operation.id}`,
    );
    return row?.doc_epoch ?? '';
  });
}

async function rightsOf({ hub, operation }: Room): Promise<number> {
  const row = await hub.store.read((tx) =>
    oneRow<{ epoch: number }>(tx, sql`select epoch from logs where id = ${operation.id}`),
  );
  return row?.epoch ?? -1;
}

async function restorations({ hub, operation }: Room): Promise<number> {
  const row = await hub.store.read((tx) =>
    oneRow<{ times: number }>(
      tx,
      sql`select count(*)::int as times from entries where log_id = ${operation.id} and kind = 'record.restored'`,
    ),
  );
  return row?.times ?? -1;
}

const kinds = async (room: Room) => (await logOf(room)).map(({ kind }) => kind);

test('[BD-32] [BD-33] a record that is shorter than was signed begins a new epoch, and whoever comes from the old one is sent away unmerged', {
  timeout,
}, async () => {
  const { again, author, seen } = await losesItsEnd();
  const room = await again();
  expect([await restorations(room), (await epochOf(room)) === seen.epoch]).toEqual([1, false]);

  const before = await kinds(room);
  const old = peerOf(room, await room.hub.signIn('tan.wei'), { doc: author.doc, seen });
  await old.end();
  expect([old.closed, old.life, old.asked]).toEqual([{ code: 4409, reason: 'record.restored' }, null, 0]);
  expect(await kinds(room)).toEqual(before);

  const fresh = await join(room, 'chanida');
  expect(fresh.life?.docEpoch).toBe(await epochOf(room));
  expect([has(fresh.doc, 'kept'), has(fresh.doc, 'lost')]).toEqual([true, false]);
  const epoch = await epochOf(room);
  fresh.hangUp();

  await room.hub.halt();
  const later = await again();
  expect([await epochOf(later), await restorations(later)]).toEqual([epoch, 1]);
});

test('[BD-32] the host’s word that the database was put back counts once for every record, also where nobody signs', {
  timeout,
}, async () => {
  const first = await startBoardHub({ signer: false });
  const room = await openRoom({}, first);
  const epochs = [await epochOf(room)];
  const rights = [await rightsOf(room)];
  for (const restored of ['monday', 'monday', 'tuesday']) {
    const node = await nodeBeside(first, { restored });
    epochs.push(await epochOf(room));
    rights.push(await rightsOf(room));
    await node.stop();
  }
  const [never, monday, again, tuesday] = epochs;
  expect([never === monday, monday === again, again === tuesday]).toEqual([false, true, false]);
  expect(await restorations(room)).toBe(2);
  // A number that the lost part may have had would let its sockets and pages pass for those of now.
  const leaps = rights.slice(1).map((epoch, at) => epoch - (rights[at] ?? 0) > 1);
  expect(leaps).toEqual([true, false, true]);
});

test('[BD-32] a socket let in under an earlier epoch closes, on every node, and nothing of it commits', {
  timeout,
}, async () => {
  const first = await startBoardHub({ signer: false });
  const room = await openRoom(undefined, first);
  const peer = await join(room, 'tan.wei');
  put(peer.doc, 'before');
  await peer.acknowledged();
  const beside = await nodeBeside(first, { restored: 'today' });
  put(peer.doc, 'after');
  await peer.end();
  expect(peer.closed).toEqual({ code: 4409, reason: 'record.restored' });
  const replayed = await replay(room);
  expect([has(replayed, 'before'), has(replayed, 'after')]).toEqual([true, false]);
  const idle = await join(room, 'chanida');
  expect(idle.life?.docEpoch).toBe(await epochOf(room));
  await beside.stop();
});

test('[BD-33] a head beyond the record closes with 4409, and what cannot be read with 4400', async () => {
  const room = await openRoom(undefined, await startBoardHub());
  const officer = await room.hub.signIn('tan.wei');
  const ends = [];
  for (const seen of [{ head: 1_000_000 }, { epoch: 'ABC' }, { epoch: 'f'.repeat(16) }]) {
    const peer = peerOf(room, officer, { seen });
    await peer.end();
    ends.push(peer.closed?.code);
  }
  expect(ends).toEqual([4409, 4400, 4409]);
  const known = await join(room, 'tan.wei', { seen: { epoch: await epochOf(room), head: 1 } });
  expect(known.synced).toBe(true);
  known.hangUp();
});

test('[BD-33] [BD-34] a stock client with what others wrote before stops, and nothing of it is merged, whether it names an epoch or not', {
  timeout,
}, async () => {
  const { again, reader, seen } = await losesItsEnd({ signer: false });
  const room = await again();
  const ends: number[] = [];
  for (const params of [{}, { epoch: 'e'.repeat(16) }] as Record<string, string>[]) {
    const old = await stock(room, 'chanida', reader.doc, params);
    let closed = 0;
    old.on('closed', ({ code }) => {
      closed = code;
    });
    await eventually(() => closed !== 0, 'it was closed for good');
    expect(old.shouldConnect).toBe(false);
    ends.push(closed);
    old.destroy();
  }
  expect(ends).toEqual([4409, 4409]);
  const replayed = await replay(room);
  expect([has(replayed, 'kept'), has(replayed, 'lost'), has(replayed, 'offline')]).toEqual([
    true,
    false,
    false,
  ]);
  const named = await stock(room, 'chanida', new Y.Doc(), { epoch: seen.epoch });
  await eventually(() => named.synced, 'the right epoch is let in');
  expect(json(named.doc)).toEqual(json(replayed));
  named.destroy();
});
