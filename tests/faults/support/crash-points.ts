import net from 'node:net';
import { WebSocket } from 'ws';

import type { Ground } from '#server/app/ground.ts';
import type { Store } from '#server/platform/storage/store.ts';

/** Where a hub can be told to die. Each lies between two steps of which one must not be believed before the other. */
export const crashPoints = [
  /** The board has the change, the store knows nothing of it. */
  'after-apply',
  /** Everything is written, COMMIT is not sent. */
  'before-commit',
  /** On the record, and nobody has been told. */
  'after-commit',
  /** The first reader has it, the others do not. */
  'in-broadcast',
  /** Everybody has it, its author has no word. */
  'before-acknowledge',
  /** A board is being read in. */
  'in-load',
  /** A board's cached state is being written. */
  'in-checkpoint',
  /** The record's new root is on the signer's disk and not yet published. */
  'in-signing',
  /** Checkpoint and tree hashes are written, COMMIT is not sent. */
  'in-publication',
  /** The checkpoint is published, the signer has not heard so. */
  'after-publication',
  /** A message or an indicator is written with its entry, COMMIT is not sent. */
  'before-act-commit',
  /** A message or an indicator is on the record, its author has no reply. */
  'after-act-commit',
] as const;

/** The same in a purge, which only its own test has. */
export const purgePoints = [
  /** A piece is destroyed and its entry written, COMMIT is not sent. */
  'before-purge-commit',
  /** A piece is gone, and nobody has been told. */
  'after-purge-commit',
  /** The certificate is signed and written, COMMIT is not sent. */
  'before-certificate-commit',
  /** The certificate is kept, and nobody has it. */
  'after-certificate-commit',
] as const;
export type CrashPoint = (typeof crashPoints)[number] | (typeof purgePoints)[number];

/** `point:nth`, as the supervisor says it in MUSTER_CRASH_AT. */
export function readPlan(text: string | undefined): { point: CrashPoint; nth: number } | null {
  const [name, nth] = (text ?? '').split(':');
  const point = [...crashPoints, ...purgePoints].find((one) => one === name);
  return point === undefined ? null : { point, nth: Number(nth ?? 1) };
}

const ACKNOWLEDGE = 100;
const SYNC = 0;
const UPDATE = 2;

/**
 * What the hub stands on, with a trap in it. The hub's own code has none: the places are recognised from outside, by
 * which of its functions asks the store, and by what it sends.
 */
export function trapped(ground: Ground, plan: { point: CrashPoint; nth: number }): Ground {
  let left = plan.nth;
  const reach = (point: CrashPoint) => {
    if (point !== plan.point) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
  trapSends(reach);
  return { ...ground, store: trappedStore(ground.store, reach) };
}

/** By the functions that call the store. A name that no longer exists is a point that is never reached: the rounds notice. */
const callers = {
  certify: 'certificate',
  // Before the act that it may begin in.
  carryOut: 'purge',
  commitRows: 'board',
  writeTogether: 'board',
  writeInSteps: 'board',
  commitActs: 'act',
  writeCheckpoint: 'checkpoint',
  step: 'signing',
} as const;

function callerOf(stack: string | undefined): (typeof callers)[keyof typeof callers] | null {
  for (const [name, caller] of Object.entries(callers)) {
    if (new RegExp(`\\bat (?:async )?(?:\\w+\\.)?${name}(?:\\$\\d+)? `).test(stack ?? '')) return caller;
  }
  return null;
}

function trappedStore(store: Store, reach: (point: CrashPoint) => void): Store {
  return {
    ...store,
    async read(work) {
      const loading = new Error().stack?.includes('loadBoard') === true;
      const result = await store.read(work);
      if (loading) reach('in-load');
      return result;
    },
    async write(work, how) {
      const caller = callerOf(new Error().stack);
      if (caller === 'board') reach('after-apply');
      if (caller === 'signing') reach('in-signing');
      // What is one statement commits itself: there is no moment between it and COMMIT.
      if (caller === 'board' && how !== undefined) reach('before-commit');
      const result = await store.write(async (tx) => {
        const written = await work(tx);
        if (caller === 'board' && how === undefined) reach('before-commit');
        if (caller === 'act') reach('before-act-commit');
        if (caller === 'signing') reach('in-publication');
        if (caller === 'checkpoint') reach('in-checkpoint');
        if (caller === 'purge' || caller === 'certificate') reach(`before-${caller}-commit`);
        return written;
      }, how);
      if (caller === 'board') reach('after-commit');
      if (caller === 'act') reach('after-act-commit');
      if (caller === 'signing') reach('after-publication');
      if (caller === 'purge' || caller === 'certificate') reach(`after-${caller}-commit`);
      return result;
    },
  };
}

/** In the entry of a hub that is to die, and in no other: every frame it sends is looked at, by the library or beneath it. */
function trapSends(reach: (point: CrashPoint) => void): void {
  trapCalls(WebSocket.prototype, 'send', (frame) => frame, reach);
  trapCalls(net.Socket.prototype, 'write', messageIn, reach);
}

function trapCalls(
  of: object,
  name: string,
  messageOf: (bytes: Uint8Array) => Uint8Array,
  reach: (point: CrashPoint) => void,
): void {
  const real: unknown = Reflect.get(of, name);
  if (typeof real !== 'function') throw new Error(`nothing is called ${name}`);
  Reflect.set(of, name, function trap(this: unknown, ...given: unknown[]) {
    const [bytes] = given;
    const message = bytes instanceof Uint8Array ? messageOf(bytes) : null;
    if (message?.[0] === ACKNOWLEDGE) reach('before-acknowledge');
    const result: unknown = Reflect.apply(real, this, given);
    if (message?.[0] === SYNC && message[1] === UPDATE) reach('in-broadcast');
    return result;
  });
}

const NOTHING = new Uint8Array();

/** What an unmasked binary frame carries (RFC 6455, 5.2); nothing of other bytes. */
function messageIn(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x82) return NOTHING;
  const length = bytes[1] ?? 0;
  return bytes.subarray(length < 126 ? 2 : length === 126 ? 4 : 10);
}
