import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

import { killRounds } from './kill-rounds.ts';
import { Chance } from './support/chance.ts';

const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);

test(`[BD-1] [BD-3] a kill -9 in the middle of co-editing loses no acknowledged edit (seed ${seed})`, {
  timeout: 180_000,
}, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-kill-'));
  const result = await killRounds({ folder, chance: new Chance(seed), rounds: 20, chapter: 20 });
  const kills = [...result.times.values()].reduce((sum, one) => sum + one, 0);
  const missed = [...result.times.keys()].filter((came) => came.startsWith('not reached'));
  expect({ problems: result.problems, kills, missed }).toEqual({ problems: [], kills: 20, missed: [] });
  expect(result.counts.acknowledgedEdits).toBeGreaterThan(20);
  fs.rmSync(folder, { recursive: true, force: true });
});
