import type { ReplayStep, RoomThen } from '#shared/contracts/review-replay.ts';
import type { BoardId, IndicatorId, MessageId, OfficerId } from '#shared/kernel/ids.ts';

import { indicatorAdded, indicatorChanged, partOfImport } from './read-indicators.ts';
import { record, text, texts } from './read-json.ts';
import { messageChanged, messagePosted } from './read-messages.ts';
import { operationChanged, operationCreated } from './read-operation.ts';

/** An entry as replay reads it, in the order of the record. */
export type Step = Omit<ReplayStep, 'bytes'>;

export type Window = {
  /** The newest of this many, or those before a place. */
  readonly messages: number;
  readonly messagesBefore?: number | undefined;
  readonly indicators: number;
  readonly indicatorsBefore?: number | undefined;
};

type Member = RoomThen['members'][number];
type Board = RoomThen['boards'][number];
type Visit = RoomThen['visits'][number];
type Message = RoomThen['chat']['messages'][number];
type Indicator = RoomThen['register']['indicators'][number];

/**
 * A room as it grew: apply the entries of its record in order and stop anywhere. Reads nothing but entries and their
 * contents; the same here, on the hub and in tests. What an entry does not tell (purged content) is left out. [RV-8]
 */
export class RoomReplay {
  #operation: RoomThen['operation'] = null;
  #members = new Map<OfficerId, Member>();
  #visits = new Map<OfficerId, Visit>();
  #boards = new Map<BoardId, Board>();
  #messages = new Map<MessageId, Message>();
  #indicators = new Map<IndicatorId, Indicator>();

  /** A replay that goes on from here by itself: items are never changed in place, so only the lists are copied. */
  copy(): RoomReplay {
    const other = new RoomReplay();
    other.#operation = this.#operation;
    other.#members = new Map(this.#members);
    other.#visits = new Map(this.#visits);
    other.#boards = new Map(this.#boards);
    other.#messages = new Map(this.#messages);
    other.#indicators = new Map(this.#indicators);
    return other;
  }

  apply(step: Step): void {
    if (step.outcome !== 'ok') return;
    const [area = ''] = step.kind.split('.');
    switch (area) {
      case 'operation':
        this.#applyOperation(step);
        return;
      case 'member':
        this.#applyMember(step);
        return;
      case 'room':
        if (step.by !== null) this.#visits.set(step.by, { officer: step.by, at: step.at, seq: step.seq });
        return;
      case 'board':
        this.#applyBoard(step);
        return;
      case 'message':
        this.#applyMessage(step);
        return;
      case 'indicator':
      case 'indicators':
        this.#applyIndicator(step);
        return;
    }
  }

  /** The room in the shape in which the hub tells it. */
  view({ messages, messagesBefore, indicators, indicatorsBefore }: Window): RoomThen {
    const chat = [...this.#messages.values()];
    const earlier = chat.filter(({ seq }) => messagesBefore === undefined || seq < messagesBefore);
    const page = messages === 0 ? [] : earlier.slice(-messages);
    const register = pageOfRegister([...this.#indicators.values()], indicators, indicatorsBefore);
    return {
      operation: this.#operation,
      members: [...this.#members.values()],
      visits: [...this.#visits.values()].sort((a, b) => b.seq - a.seq),
      boards: [...this.#boards.values()],
      chat: {
        messages: page,
        total: chat.length,
        before: page.length < earlier.length ? (page[0]?.seq ?? messagesBefore ?? null) : null,
      },
      register: { ...register, total: countActive(this.#indicators) },
    };
  }

  #applyOperation(step: Step): void {
    this.#operation =
      step.kind === 'operation.created' ? operationCreated(step) : operationChanged(this.#operation, step);
  }

  #applyMember(step: Step): void {
    const officer = step.object?.id as OfficerId | undefined;
    if (officer === undefined) return;
    const before = this.#members.get(officer);
    this.#members.delete(officer);
    if (step.kind === 'member.removed') return;
    const body = record(step.body);
    const role = text(body.role) ?? before?.role ?? '';
    const compartments = texts(body.compartments) ?? before?.compartments ?? [];
    const joined = step.kind === 'member.added' || before === undefined;
    this.#members.set(officer, {
      officer,
      role,
      compartments: [...compartments],
      addedAt: joined ? step.at : before.addedAt,
      seq: joined ? step.seq : before.seq,
    });
  }

  #applyBoard(step: Step): void {
    const id = step.object?.id as BoardId | undefined;
    if (id === undefined) return;
    const held = this.#boards.get(id);
    if (step.kind === 'board.updated' && held !== undefined)
      this.#boards.set(id, { ...held, changedSeq: step.seq });
    if (step.kind !== 'board.created' || step.compartment === null) return;
    const title = text(record(step.body).title) ?? '';
    this.#boards.set(id, {
      id,
      title,
      compartment: step.compartment,
      createdBy: step.by,
      createdAt: step.at,
      changedSeq: -1,
    });
  }

  #applyMessage(step: Step): void {
    const id = step.object?.id as MessageId | undefined;
    if (id === undefined) return;
    const held = this.#messages.get(id);
    const now = step.kind === 'message.posted' ? messagePosted(id, step) : messageChanged(held, step);
    if (now !== null) this.#messages.set(id, now);
  }

  #applyIndicator(step: Step): void {
    if (step.kind === 'indicators.import-part') {
      for (const one of partOfImport(step)) this.#indicators.set(one.id, one);
      return;
    }
    const id = step.object?.id as IndicatorId | undefined;
    if (id === undefined || step.object?.kind !== 'indicator') return;
    const now =
      step.kind === 'indicator.added'
        ? indicatorAdded(id, step)
        : indicatorChanged(this.#indicators.get(id), step);
    if (now !== null) this.#indicators.set(id, now);
  }
}

function countActive(all: ReadonlyMap<IndicatorId, Indicator>): number {
  let active = 0;
  for (const { state } of all.values()) if (state === 'active') active++;
  return active;
}

/** Newest entry first, by id within one entry; an entry is never cut in two. */
function pageOfRegister(all: readonly Indicator[], limit: number, before: number | undefined) {
  const earlier = all
    .filter(({ seq }) => before === undefined || seq < before)
    .sort((a, b) => b.seq - a.seq || (a.id < b.id ? -1 : 1));
  let end = Math.min(limit, earlier.length);
  while (end > 0 && end < earlier.length && earlier[end]?.seq === earlier[end - 1]?.seq) end++;
  const indicators = earlier.slice(0, end);
  const last = indicators.at(-1)?.seq ?? before ?? null;
  return { indicators, before: end < earlier.length ? last : null };
}
