import { expect, test } from 'vitest';

import { openBusGround } from './bus-troubles.ts';
import { revocationRounds } from './revocation-rounds.ts';
import { Chance } from './support/chance.ts';
import { postgresPrograms, redisProgram } from './support/servers.ts';
import { inFolder, seed, someOf } from './support/short-form.ts';
import { troubleRounds } from './trouble-rounds.ts';

const timeout = 180_000;
const absent = postgresPrograms() === null || redisProgram() === null;

test(`[BD-6] a bus that stops, forgets, repeats or reorders, and hubs that die, mean lag and never loss (seed ${seed})`, {
  timeout,
}, async ({ skip }) => {
  if (absent) skip('PostgreSQL and Redis are not both installed');
  await inFolder('bus', async (folder) => {
    const chance = new Chance(seed);
    const surroundings = await openBusGround(folder, chance);
    const troubles = someOf(surroundings.troubles, 6, chance);
    const run = { folder, surroundings, troubles, chance, rounds: troubles.length, chapter: troubles.length };
    const { problems, counts } = await troubleRounds(run).finally(() => surroundings.close());
    expect(problems).toEqual([]);
    expect(counts.acknowledgedEdits).toBeGreaterThan(20);
  });
});

for (const bus of ['up', 'down'] as const) {
  test(`[BD-14] [RC-29] with the bus ${bus}, nothing of an officer who may write no more commits on any hub, and every socket closes within a second (seed ${seed})`, {
    timeout,
  }, async ({ skip }) => {
    if (absent) skip('PostgreSQL and Redis are not both installed');
    await inFolder('revocation', async (folder) => {
      const chance = new Chance(seed);
      const ground = await openBusGround(folder, chance);
      const run = { folder, ground, chance, rounds: 8, bus };
      const { problems, closedAfter } = await revocationRounds(run).finally(() => ground.close());
      expect({ problems, ends: closedAfter.length }).toEqual({ problems: [], ends: 8 });
    });
  });
}
