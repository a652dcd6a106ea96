import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import type { Call } from '#shared/contracts/contract.ts';
import { refuse } from '#shared/kernel/failures.ts';

/** Points per seconds. A limit that cannot be read is not enforced here: sign-in has its own, which fails closed. */
const limits = {
  /** Calls of anybody from one network that are open to the world. */
  world: { points: 60, duration: 60 },
  /** Calls of one officer. */
  officer: { points: 1200, duration: 60 },
  /** WebSocket handshakes of one network, counted before anything is read of the store, and of one officer. */
  handshakesOfNetwork: { points: 1200, duration: 60 },
  handshakesOfOfficer: { points: 240, duration: 60 },
  /** Calls of witnesses from one network, whoever they say they are. */
  witness: { points: 600, duration: 60 },
} as const;

/** Handshakes that one refused socket counts for: twenty such sockets a minute. */
const PENALTY = 12;

/** Milliseconds for the head of a request to arrive, an upgrade's too, and how often lines are looked through for it. */
export const headTimes = { arrives: 10_000, looked: 2_000 } as const;

export type Limit = (call: Call, network: string, officer: string | null) => Promise<void>;

export function limitCalls(scale: number): Limit {
  const world = new RateLimiterMemory({ ...scaled(limits.world, scale), keyPrefix: 'world' });
  const officers = new RateLimiterMemory({ ...scaled(limits.officer, scale), keyPrefix: 'officer' });
  const witnesses = new RateLimiterMemory({ ...scaled(limits.witness, scale), keyPrefix: 'witness' });
  return async ({ needs }, network, officer) => {
    if (needs === 'witness') await take(witnesses, network);
    else await take(officer === null ? world : officers, officer ?? network);
  };
}

/** Refuses with `too.many` whoever comes too often with a WebSocket. */
export type HandshakeLimit = {
  network(network: string): Promise<void>;
  officer(officer: string): Promise<void>;
  /** A socket of theirs was refused for what it sent: that counts as many handshakes. */
  penalise(officer: string): void;
};

export function limitHandshakes(scale: number): HandshakeLimit {
  const networks = new RateLimiterMemory({
    ...scaled(limits.handshakesOfNetwork, scale),
    keyPrefix: 'network',
  });
  const officers = new RateLimiterMemory({
    ...scaled(limits.handshakesOfOfficer, scale),
    keyPrefix: 'officer',
  });
  return {
    network: (network) => take(networks, network),
    officer: (officer) => take(officers, officer),
    penalise: (officer) => void officers.penalty(officer, PENALTY),
  };
}

/** Takes one point, or refuses with how long to wait. */
export async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes)
      throw refuse('too.many', { retryAfter: Math.ceil(error.msBeforeNext / 1000) });
    throw error;
  }
}

function scaled({ points, duration }: { points: number; duration: number }, scale: number) {
  return { points: Math.ceil(points * scale), duration };
}
