import { afterAll, beforeAll, expect, test } from 'vitest';

import { seededRandom } from '#tests/convergence/seeded-random.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { reviewBy } from '../support.ts';
import { alter } from './mutate.ts';
import { playScene, type Scene } from './scene.ts';
import { packFor, verifyWhole } from './support.ts';

/** PACK_TRIALS=10000 is the long form; a trial that was missed is told by seed and number. */
const trials = Number(process.env.PACK_TRIALS ?? 2_000);
const seed = Number(process.env.PACK_SEED ?? Date.now() % 1_000_000);

let hub: TestHub;
let scene: Scene;
let vkey: string;
let origin: string;
beforeAll(async () => {
  hub = await startHub();
  scene = await playScene(hub);
  await reviewBy(scene.tan, scene.operation).export();
  vkey = (await reviewBy(scene.tan, scene.operation).checkpoint()).vkey ?? '';
  origin = `${hub.hub.logOrigin}/op/${scene.operation.id}`;
});
afterAll(stopHubs);

test('[RC-72] the first bad file is named, and its entry', { timeout: 120_000 }, async () => {
  const pack = (await packFor(scene.tan, scene.operation)).bytes;
  const seq = scene.toAll.seq;
  const bytes = Buffer.from(pack);
  const at = bytes.indexOf('Nguyễn');
  bytes[at] = (bytes[at] ?? 0) ^ 0x20;
  expect(verifyWhole(bytes)).toEqual({
    ok: false,
    reason: 'zip-content-differs',
    file: `data/payload/${seq}.bin`,
    entry: seq,
  });
});

test(`[RC-72] ${trials} alterations of packs with seed ${seed}: every one is found`, {
  timeout: 900_000,
}, async () => {
  const { tan, operation, board, toAll } = scene;
  const { entries } = await reviewBy(tan, operation).entries();
  const since = entries.find(({ seq }) => seq === toAll.seq)?.at ?? '';
  const scopes = [
    { kind: 'operation' },
    { kind: 'objects', objects: [{ kind: 'board', id: board.id }] },
    { kind: 'time', since, until: '2999-01-01T00:00:00Z' },
  ] as const;
  const packs: Buffer[] = [];
  for (const scope of scopes) {
    const recipient = { kind: 'officer' as const, officerId: hub.officerId('jonas') };
    const asked = scope.kind === 'objects' ? { scope: { ...scope, objects: [...scope.objects] } } : { scope };
    packs.push(
      (await packFor(tan, operation, scope.kind === 'time' ? { ...asked, recipient } : asked)).bytes,
    );
  }
  for (const pack of packs) expect(verifyWhole(pack, { vkey })).toMatchObject({ ok: true });
  const { below } = seededRandom(seed);
  const missed: string[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const pack = packs[trial % packs.length] ?? Buffer.of();
    const { how, bytes } = alter(pack, origin, below);
    if (verifyWhole(bytes, { vkey }).ok) missed.push(`seed ${seed}, trial ${trial}: ${how}`);
  }
  expect(missed).toEqual([]);
});
