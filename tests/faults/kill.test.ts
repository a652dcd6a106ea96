import { expect, test } from 'vitest';

import { killRounds } from './kill-rounds.ts';
import { Chance } from './support/chance.ts';
import { inFolder, seed } from './support/short-form.ts';

test(`[BD-1] [BD-3] a kill -9 in the middle of co-editing loses no acknowledged edit (seed ${seed})`, {
  timeout: 300_000,
}, async () => {
  await inFolder('kill', async (folder) => {
    const result = await killRounds({ folder, chance: new Chance(seed), rounds: 14, chapter: 14 });
    const kills = [...result.times.values()].reduce((sum, one) => sum + one, 0);
    const missed = [...result.times.keys()].filter((came) => came.startsWith('not reached'));
    expect({ problems: result.problems, kills, missed }).toEqual({ problems: [], kills: 14, missed: [] });
    expect(result.counts.acknowledgedEdits).toBeGreaterThan(20);
  });
});
