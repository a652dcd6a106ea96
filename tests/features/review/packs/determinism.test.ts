import { afterAll, afterEach, expect, test } from 'vitest';

import { type HubOptions, startHub, stopHubs } from '#tests/support/hub.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

import { reviewBy } from '../support.ts';
import { playScene } from './scene.ts';
import { type AskedPack, packFor, verifyWhole } from './support.ts';

const drops: (() => Promise<void>)[] = [];
afterEach(stopHubs);
afterAll(async () => {
  for (const drop of drops) await drop();
});

async function onPostgres(): Promise<HubOptions> {
  const { url, drop } = await freshDatabase();
  drops.push(drop);
  return { databaseUrl: url };
}

test.each([
  ['the embedded store', async () => ({})],
  ['PostgreSQL', onPostgres],
])(
  '[RC-78] the same pack twice is the same bytes, with a restart and more entries in between: %s',
  { timeout: 240_000 },
  async (_name, store) => {
    const hub = await startHub(await store());
    const { tan, operation, board, toAll, inLane } = await playScene(hub);
    const { entries } = await reviewBy(tan, operation).entries();
    const at = (seq: number) => entries.find((entry) => entry.seq === seq)?.at ?? '';
    const amelie = { kind: 'officer' as const, officerId: hub.officerId('amelie') };
    const selections: AskedPack[] = [
      {},
      { recipient: { kind: 'officer', officerId: hub.officerId('jonas') } },
      { recipient: amelie, scope: { kind: 'objects', objects: [{ kind: 'board', id: board.id }] } },
      { scope: { kind: 'time', since: at(toAll.seq), until: at(inLane.seq + 1) } },
    ];
    const first = [];
    for (const asked of selections) first.push(await packFor(tan, operation, asked));
    const sizes = first.map(({ bytes }) => {
      const verdict = verifyWhole(bytes);
      return verdict.ok ? verdict.size : 0;
    });
    const again = await hub.restart();
    const later = await again.signIn('tan.wei');
    await reviewBy(later, operation).say('After the restart.', operation.main);
    for (const [index, asked] of selections.entries()) {
      const size = sizes[index] ?? 0;
      const second = await packFor(later, operation, { ...asked, size, purpose: 'The same once more' });
      expect([index, second.status, second.bytes.equals(first[index]?.bytes ?? Buffer.of())]).toEqual([
        index,
        200,
        true,
      ]);
    }
    const another = await packFor(later, operation);
    expect(another.bytes.equals(first[0]?.bytes ?? Buffer.of())).toBe(false);
  },
);

test('[RC-78] who exports leaves no trace in a pack, unless their own rights change it', {
  timeout: 120_000,
}, async () => {
  const hub = await startHub();
  const { tan, operation } = await playScene(hub);
  const amelie = await hub.signIn('amelie');
  const asked: AskedPack = { recipient: { kind: 'officer', officerId: hub.officerId('chanida') } };
  const first = await packFor(tan, operation, asked);
  const verdict = verifyWhole(first.bytes);
  const size = verdict.ok ? verdict.size : 0;
  expect((await packFor(amelie, operation, { ...asked, size })).bytes.equals(first.bytes)).toBe(true);
});
