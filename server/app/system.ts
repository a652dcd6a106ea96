import { randomFillSync } from 'node:crypto';
import os from 'node:os';

import type { Clock, Millis } from '#shared/kernel/clock.ts';
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

/** Milliseconds a machine may sleep before it counts as sleep; `os.uptime` is good to a second. */
const NAP = 2_000;

/**
 * Begins at the time of `wall` and then counts what has passed, sleep of the machine included: whoever sets the clock
 * moves neither leases nor sessions. For lengths of time; what people read is the wall's.
 */
export function steadyClock(wall: Clock): Clock {
  const began = { wall: wall.now(), ran: performance.now(), up: os.uptime() };
  let slept: Millis = 0;
  let lookedAt: Millis = 0;
  return {
    now() {
      const ran = performance.now() - began.ran;
      if (ran - lookedAt > 1_000) {
        lookedAt = ran;
        const missed = (os.uptime() - began.up) * 1_000 - ran - slept;
        if (missed > NAP) slept += missed;
      }
      return Math.floor(began.wall + ran + slept);
    },
    after: wall.after,
  };
}
