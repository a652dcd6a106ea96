import { expect, test } from 'vitest';

import { openNetworkGround } from './network-troubles.ts';
import { Chance } from './support/chance.ts';
import { inFolder, seed, someOf } from './support/short-form.ts';
import { troubleRounds } from './trouble-rounds.ts';

test(`[BD-52] lines cut at any byte of a frame or handshake, in fragments, late or stalled, neither lose nor double an edit (seed ${seed})`, {
  timeout: 180_000,
}, async () => {
  await inFolder('network', async (folder) => {
    const chance = new Chance(seed);
    const surroundings = await openNetworkGround(folder, chance, 'embedded');
    const quick = surroundings.troubles.filter(({ slow }) => slow !== true);
    const troubles = someOf(quick, 10, chance);
    const run = { folder, surroundings, troubles, chance, rounds: troubles.length, chapter: troubles.length };
    const { problems, counts } = await troubleRounds(run).finally(() => surroundings.close());
    expect(problems).toEqual([]);
    expect(counts.acknowledgedEdits).toBeGreaterThan(20);
  });
});
