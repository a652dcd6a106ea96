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

const POOL = 8192;
let pool = new Uint8Array(0);
let used = 0;

/** Asks the system for many bytes at once: a commit of a hundred changes takes a hundred salts. Each byte is given out once. */
export const systemRandom: Random = {
  bytes(length) {
    if (length > POOL / 8) return randomFillSync(new Uint8Array(length));
    if (used + length > pool.length) {
      pool = randomFillSync(new Uint8Array(POOL));
      used = 0;
    }
    const bytes = pool.slice(used, used + length);
    pool.fill(0, used, used + length);
    used += length;
    return bytes;
  },
};
