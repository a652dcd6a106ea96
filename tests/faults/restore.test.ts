import { expect, test } from 'vitest';

import { openBusGround } from './bus-troubles.ts';
import { restoreRounds } from './restore-rounds.ts';
import { ways } from './restores.ts';
import { Chance } from './support/chance.ts';
import { postgresPrograms, redisProgram } from './support/servers.ts';
import { inFolder, seed } from './support/short-form.ts';

const absent = postgresPrograms() === null || redisProgram() === null;

test(`[BD-32] [BD-33] [CB-30] [RM-10] [RC-34] a database put back under open pages doubles nothing, brings nothing lost back by itself, and offers it (seed ${seed})`, {
  timeout: 180_000,
}, async ({ skip }) => {
  if (absent) skip('PostgreSQL and Redis are not both installed');
  await inFolder('restore', async (folder) => {
    const chance = new Chance(seed);
    const ground = await openBusGround(folder, chance);
    const chosen = ways.filter(({ name }) => /asleep|nobody writes/.test(name));
    const run = { folder, ground, ways: chosen, chance, rounds: chosen.length };
    const { problems, counts } = await restoreRounds(run).finally(() => ground.close());
    expect(problems).toEqual([]);
    expect(counts.acknowledgedEdits).toBeGreaterThan(20);
  });
});
