import { expect, test } from 'vitest';

import { storeKinds } from '#tests/record/support.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

import { killRounds } from './kill-rounds.ts';
import { Chance } from './support/chance.ts';
import { inFolder, seed } from './support/short-form.ts';

const rounds = 7;

test.each(storeKinds)(
  `[BD-1] [BD-3] a kill -9 in the middle of co-editing loses no acknowledged edit: %s (seed ${seed})`,
  { timeout: 300_000 },
  async (kind) => {
    const database = kind === 'postgres' ? await freshDatabase() : null;
    await inFolder('kill', async (folder) => {
      // Of the named points, each of the two meets others.
      const chance = new Chance(kind === 'postgres' ? seed + 1 : seed);
      const run = { folder, chance, rounds, chapter: rounds, databaseUrl: database?.url };
      const result = await killRounds(run);
      const kills = [...result.times.values()].reduce((sum, one) => sum + one, 0);
      const missed = [...result.times.keys()].filter((came) => came.startsWith('not reached'));
      expect({ problems: result.problems, kills, missed }).toEqual({
        problems: [],
        kills: rounds,
        missed: [],
      });
      expect(result.counts.acknowledgedEdits).toBeGreaterThan(20);
    });
    await database?.drop();
  },
);
