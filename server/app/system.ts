import { randomFillSync } from 'node:crypto';

import type { Clock } from '#shared/kernel/clock.ts';
import type { Random } from '#shared/kernel/random.ts';

/** The machine's own time and chance: the only ambient ones, handed to everything else. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, act) {
    const timer = setTimeout(act, delay);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { bytes: (length) => randomFillSync(new Uint8Array(length)) };
