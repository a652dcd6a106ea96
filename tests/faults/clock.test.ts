import { expect, test } from 'vitest';

import { openClockGround } from './clock-troubles.ts';
import { Chance } from './support/chance.ts';
import { postgresPrograms, redisProgram } from './support/servers.ts';
import { inFolder, seed, someOf } from './support/short-form.ts';
import { troubleRounds } from './trouble-rounds.ts';

const absent = postgresPrograms() === null || redisProgram() === null;

test(`[RC-28] [BD-26] clocks set an hour wrong move neither order nor sessions, and time on the record never goes back (seed ${seed})`, {
  timeout: 180_000,
}, async ({ skip }) => {
  if (absent) skip('PostgreSQL and Redis are not both installed');
  await inFolder('clock', async (folder) => {
    const chance = new Chance(seed);
    const surroundings = await openClockGround(folder, chance);
    const troubles = someOf(surroundings.troubles, 4, chance);
    const run = { folder, surroundings, troubles, chance, rounds: troubles.length, chapter: troubles.length };
    const { problems, counts } = await troubleRounds(run).finally(() => surroundings.close());
    expect(problems).toEqual([]);
    expect(counts.acknowledgedEdits).toBeGreaterThan(20);
  });
});
