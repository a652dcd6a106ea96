import type { Millis } from '#shared/kernel/clock.ts';

import type { Step, Tape } from './tape.ts';

/** So many entries a second, or so many seconds of the operation in one. */
export type Speed =
  | { readonly id: string; readonly entries: number }
  | { readonly id: string; readonly times: number };

export const speeds: readonly Speed[] = [
  { id: 'entries-1', entries: 1 },
  { id: 'entries-4', entries: 4 },
  { id: 'entries-20', entries: 20 },
  { id: 'times-1', times: 1 },
  { id: 'times-60', times: 60 },
  { id: 'times-600', times: 600 },
  { id: 'times-3600', times: 3600 },
];

/** Between two pictures at least. */
const FRAME: Millis = 50;
/** Nobody waits longer for the next entry: nights are skipped. */
const LONGEST: Millis = 2000;

type Reach = Pick<Tape, 'after' | 'stepAt'>;

/** Where playing goes on to, and after how long; `null` at the end, `undefined` when it is not known yet. */
export function nextFrame(
  tape: Reach,
  position: number,
  speed: Speed,
): { readonly seq: number; readonly wait: Millis } | null | undefined {
  const first = tape.after(position);
  if (first == null) return first;
  if ('entries' in speed) {
    const count = Math.max(1, Math.round((speed.entries * FRAME) / 1000));
    return { seq: onward(tape, first, (_, nth) => nth < count), wait: (count * 1000) / speed.entries };
  }
  const now = Date.parse(tape.stepAt(position)?.at ?? first.at);
  const until = now + FRAME * speed.times;
  const seq = onward(tape, first, (step) => Date.parse(step.at) <= until);
  const wait = (Date.parse(first.at) - now) / speed.times;
  return { seq, wait: Math.min(LONGEST, Math.max(FRAME, wait)) };
}

/** The last entry from `first` on of which all are within. The first is. */
function onward(tape: Reach, first: Step, within: (step: Step, nth: number) => boolean): number {
  let here = first;
  for (let nth = 1; ; nth++) {
    const next = tape.after(here.seq);
    if (next == null || !within(next, nth)) return here.seq;
    here = next;
  }
}
