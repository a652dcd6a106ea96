import { expect, test } from 'vitest';

import { nextFrame, speeds } from '#client/features/review/replay/speed.ts';
import { BLOCK, type ReadSteps, Tape } from '#client/features/review/replay/tape.ts';
import type { ReplayStep } from '#shared/contracts/review-replay.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { asId, type CompartmentId, type OfficerId } from '#shared/kernel/ids.ts';
import { RoomReplay } from '#shared/review/room.ts';

const START = Date.parse('2026-11-24T12:00:00.000Z');
const hex = (n: number) => n.toString(16).padStart(32, '0');

/** Every third entry is somebody else's: not to be seen. The others are messages, ten seconds apart. */
function record(size: number): ReplayStep[] {
  const steps: ReplayStep[] = [];
  for (let seq = 0; seq < size; seq++) {
    if (seq % 3 === 2) continue;
    steps.push({
      seq,
      at: isoTime(START + seq * 10_000),
      kind: 'message.posted',
      by: asId<OfficerId>(hex(1)),
      country: 'SG',
      object: { kind: 'message', id: hex(seq) },
      outcome: 'ok',
      compartment: asId<CompartmentId>(hex(2)),
      body: { text: `said ${seq}` },
      bytes: null,
    });
  }
  return steps;
}

/** As the hub does it: pages that may be shorter than asked for. */
function reader(steps: readonly ReplayStep[], size: number, most: number): ReadSteps {
  return async (from, wanted) => {
    const to = Math.min(wanted, from + most);
    const page = steps.filter(({ seq }) => seq >= from && seq < to);
    return { asOf: size, from, to, steps: page, people: [] };
  };
}

const whole = { messages: 10_000, indicators: 10_000 };

test('[RV-8] the tape gives at every place, in any order, the room that its entries alone give', async () => {
  const size = BLOCK * 2 + 77;
  const steps = record(size);
  const tape = new Tape(size, reader(steps, size, 123));
  expect(tape.roomAt(0), 'nothing is shown before it is here').toBeNull();
  await tape.loadAll();
  const places = [-1, 0, 2, 5, BLOCK - 1, BLOCK, BLOCK + 1, 3, size - 1, BLOCK * 2, 1, size - 2, -1];
  for (const place of places) {
    const fresh = new RoomReplay();
    for (const step of steps) if (step.seq <= place) fresh.apply(step);
    expect(tape.roomAt(place)?.view(whole), `at ${place}`).toEqual(fresh.view(whole));
  }
});

test('[RV-10] stepping goes over what the reader may not see, and says when it does not know yet', async () => {
  const steps = record(BLOCK * 2);
  const tape = new Tape(BLOCK * 2, reader(steps, BLOCK * 2, 1000));
  expect(tape.after(-1)).toBeUndefined();
  expect(tape.stepAt(5)).toBeNull();
  await tape.loadAll();
  expect([tape.after(-1)?.seq, tape.after(0)?.seq, tape.after(1)?.seq]).toEqual([0, 1, 3]);
  expect(tape.after(BLOCK * 2 - 1)).toBeNull();
  expect([tape.stepAt(-1), tape.stepAt(2)?.seq, tape.stepAt(BLOCK)?.seq]).toEqual([null, 1, BLOCK - 1]);
});

test('[RV-10] a page that cannot be had is tried again when it is wanted', async () => {
  const steps = record(BLOCK);
  const read = reader(steps, BLOCK, 1000);
  let broken = true;
  const tape = new Tape(BLOCK, (from, to) => (broken ? Promise.reject(new Error('no hub')) : read(from, to)));
  await tape.loadAll();
  expect([tape.error, tape.roomAt(0)]).toEqual([new Error('no hub'), null]);
  broken = false;
  await new Promise<void>((there) => {
    tape.subscribe(() => tape.loadedTo === BLOCK && there());
    tape.again();
  });
  expect(tape.error).toBeNull();
  expect(tape.roomAt(BLOCK - 1)?.view(whole).chat.total).toBe(steps.length);
});

test('[RV-10] playing goes by entries or by time, never over the end, and waits for nobody through a night', async () => {
  const steps = record(90).map((step) =>
    step.seq >= 60 ? { ...step, at: isoTime(Date.parse(step.at) + 8 * 3_600_000) } : step,
  );
  const tape = new Tape(90, reader(steps, 90, 1000));
  await tape.loadAll();
  const speed = (id: string) => speeds.find((each) => each.id === id) as (typeof speeds)[number];
  expect(nextFrame(tape, 0, speed('entries-1'))).toEqual({ seq: 1, wait: 1000 });
  expect(nextFrame(tape, 1, speed('entries-4'))).toEqual({ seq: 3, wait: 250 });
  expect(nextFrame(tape, 0, speed('times-60'))).toEqual({ seq: 1, wait: 1000 / 6 });
  expect(nextFrame(tape, 0, speed('times-3600'))).toEqual({ seq: 18, wait: 50 });
  expect(nextFrame(tape, 58, speed('times-600')), 'a night').toEqual({ seq: 60, wait: 2000 });
  expect(nextFrame(tape, 88, speed('entries-1'))).toBeNull();
});
