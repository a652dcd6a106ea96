import { run } from '#server/app/run.ts';
import { systemClock, systemRandom } from '#server/app/system.ts';
import { enrolCast } from '#server/cli/exercise/cast.ts';

import { readPlan, trapped } from './crash-points.ts';
import { settableClock } from './settable-clock.ts';

/*
 * A hub of the fault tests: the exercise's people and nothing else, no rate limits, and a place to die where it was
 * told one. Bundled beside the real ones, because a process that may be killed must be one.
 */
const plan = readPlan(process.env.MUSTER_CRASH_AT);

await run(
  'exercise',
  async ({ hub: { store, append } }) => {
    await enrolCast({ store, append, random: systemRandom, now: systemClock.now() });
  },
  (ground) => {
    const unlimited = { ...ground, limitScale: 1000, clock: settableClock(ground.clock) };
    return plan === null ? unlimited : trapped(unlimited, plan);
  },
);
