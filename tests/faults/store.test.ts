import { expect, test } from 'vitest';

import { canMount, openDiskGround } from './disk-troubles.ts';
import { openStoreGround } from './store-troubles.ts';
import { Chance } from './support/chance.ts';
import { postgresPrograms } from './support/servers.ts';
import { inFolder, seed, someOf } from './support/short-form.ts';
import { troubleRounds } from './trouble-rounds.ts';

const timeout = 180_000;

test(`[BD-4] a store that refuses, hangs, breaks off around a commit or restarts neither loses nor doubles an edit (seed ${seed})`, {
  timeout,
}, async ({ skip }) => {
  if (postgresPrograms() === null) skip('PostgreSQL is not installed');
  await inFolder('store', async (folder) => {
    const chance = new Chance(seed);
    const surroundings = await openStoreGround(folder);
    const quick = surroundings.troubles.filter(({ slow }) => slow !== true);
    const always = quick.filter(({ name }) => name.endsWith('one statement'));
    const others = quick.filter((trouble) => !always.includes(trouble));
    const troubles = someOf([...always, ...someOf(others, 5, chance)], quick.length, chance);
    const run = { folder, surroundings, troubles, chance, rounds: troubles.length, chapter: troubles.length };
    const { problems, counts } = await troubleRounds(run).finally(() => surroundings.close());
    expect(problems).toEqual([]);
    expect(counts.acknowledgedEdits).toBeGreaterThan(20);
  });
});

test(`[BD-4] a full disk under the embedded store stops writing, and nothing else (seed ${seed})`, {
  timeout,
}, async ({ skip }) => {
  if (!canMount()) skip('mounting a small disk needs root on Linux');
  await inFolder('disk', async (folder) => {
    const surroundings = await openDiskGround(folder, 'embedded');
    const { troubles } = surroundings;
    const run = { folder, surroundings, troubles, chance: new Chance(seed), rounds: 1, chapter: 1 };
    const { problems } = await troubleRounds(run).finally(() => surroundings.close());
    expect(problems).toEqual([]);
  });
});
