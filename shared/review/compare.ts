import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { compareMoments, RoomThen } from '#shared/contracts/review-replay.ts';
import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';

type Compared = ReplyOf<typeof compareMoments>;
type Bare<T> = T extends readonly (infer Row)[] ? Omit<Row, 'last'>[] : never;
/** Without the entries that led to it, which two rooms do not tell. */
export type Difference = {
  readonly operation: Bare<Compared['operation']>;
  readonly members: Bare<Compared['members']>;
  readonly messages: Bare<Compared['messages']['rows']>;
  readonly indicators: Bare<Compared['indicators']['rows']>;
};

/** What became of a room between two moments, newest first. Boards are compared by their content, elsewhere. [RV-13] */
export function compareRooms(before: RoomThen, after: RoomThen): Difference {
  return {
    operation: compareOperation(before.operation, after.operation),
    members: compareMembers(before.members, after.members),
    messages: compareItems(before.chat.messages, after.chat.messages, (was, is) => {
      if (is.withdrawnAt !== null && was?.withdrawnAt == null) return 'withdrawn' as const;
      return was === null ? ('posted' as const) : ('edited' as const);
    }),
    indicators: compareItems(before.register.indicators, after.register.indicators, (was, is) => {
      if (is.state === 'withdrawn' && was?.state !== 'withdrawn') return 'withdrawn' as const;
      return was === null ? ('added' as const) : ('changed' as const);
    }),
  };
}

function compareOperation(
  before: RoomThen['operation'],
  after: RoomThen['operation'],
): Difference['operation'] {
  const fields = ['name', 'purpose', 'state'] as const;
  return fields.flatMap((field) => {
    const [was, is] = [before?.[field] ?? null, after?.[field] ?? null];
    return was === is ? [] : [{ field, before: was, after: is }];
  });
}

function compareMembers(before: RoomThen['members'], after: RoomThen['members']): Difference['members'] {
  const was = new Map(before.map((member) => [member.officer, member]));
  const is = new Map(after.map((member) => [member.officer, member]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((officer) => {
    const [then, now] = [was.get(officer) ?? null, is.get(officer) ?? null];
    if (same(then, now)) return [];
    const change =
      then === null ? ('joined' as const) : now === null ? ('left' as const) : ('changed' as const);
    return [{ officer, change, before: then, after: now }];
  });
}

function compareItems<Id, T extends { readonly id: Id; readonly seq: number }, Change>(
  before: readonly T[],
  after: readonly T[],
  changeOf: (was: T | null, is: T) => Change,
): { id: Id; change: Change; before: T | null; after: T }[] {
  const was = new Map(before.map((item) => [item.id, item]));
  return after
    .filter((item) => !same(was.get(item.id) ?? null, item))
    .sort((a, b) => b.seq - a.seq)
    .map((item) => {
      const then = was.get(item.id) ?? null;
      return { id: item.id, change: changeOf(then, item), before: then, after: item };
    });
}

function same(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(plain(a)) === canonicalJson(plain(b));
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}
