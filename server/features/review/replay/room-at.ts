import type { RoomPass } from '#server/platform/access.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import type { RoomThen } from '#shared/contracts/review-replay.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';
import { RoomReplay, type Window } from '#shared/review/room.ts';

import { frameSteps, indicatorSteps, messageSteps } from './select.ts';
import { totalsAt } from './totals.ts';

/**
 * The room after `seq`, by the one reducer, from the entries that this window of it follows from: nothing that was
 * derived before can be wrong about it, and a moment of a long record costs what the window costs. [RV-8] [RV-9]
 */
export async function roomAt(tx: Tx, pass: RoomPass, seq: number, window: Window): Promise<RoomThen> {
  const replay = new RoomReplay();
  const { messages, messagesBefore, indicators, indicatorsBefore } = window;
  const chat = await messageSteps(tx, pass, { seq, before: messagesBefore, limit: messages });
  const register = await indicatorSteps(tx, pass, { seq, before: indicatorsBefore, limit: indicators });
  const steps = [...(await frameSteps(tx, pass, seq)), ...chat.steps, ...register.steps];
  for (const step of steps.sort((a, b) => a.seq - b.seq)) replay.apply(step);
  const room = replay.view(window);
  const totals = await totalsAt(tx, pass, seq);
  const lowest = room.register.indicators.at(-1)?.seq ?? null;
  return {
    ...room,
    chat: {
      messages: room.chat.messages,
      total: totals.messages,
      before: chat.more ? (room.chat.messages[0]?.seq ?? null) : null,
    },
    register: {
      indicators: room.register.indicators,
      total: totals.indicators,
      before: register.more ? lowest : null,
    },
  };
}

/** The operation, its people and its boards at that moment, without chat and register. */
export async function frameAt(tx: Tx, pass: RoomPass, seq: number): Promise<RoomThen> {
  const replay = new RoomReplay();
  for (const step of await frameSteps(tx, pass, seq)) replay.apply(step);
  return replay.view({ messages: 0, indicators: 0 });
}

/** Everybody a room names. */
export function namedIn(room: RoomThen): OfficerId[] {
  return [
    ...room.members.map(({ officer }) => officer),
    ...room.visits.map(({ officer }) => officer),
    ...room.boards.flatMap(({ createdBy }) => createdBy ?? []),
    ...room.chat.messages.flatMap(({ author, mentions }) => [author, ...mentions]),
    ...room.register.indicators.map(({ addedBy }) => addedBy),
  ];
}
