import { type Fields, fieldsOf } from '#shared/board/change.ts';
import type { LastAct } from '#shared/contracts/review-replay.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { BoardChange, BoardCompared } from './use-compare.ts';

/** What became of one card, link or frame between the moments. */
export type RecordChange = {
  readonly id: string;
  readonly record: BoardChange['record'];
  readonly name: string;
  readonly look: 'added' | 'deleted' | 'edited' | 'moved';
  readonly changes: readonly BoardChange[];
  readonly before: Json;
  readonly after: Json;
  /** The newest entry that had a part in any of it. */
  readonly last: LastAct | null;
};

/** The changes of a board by what they changed: cards first, then links and frames, new ones before others. */
export function byRecord({ changes, records }: BoardCompared): readonly RecordChange[] {
  const whole = new Map(records.map((record) => [record.id, record]));
  const groups = new Map<string, BoardChange[]>();
  for (const change of changes) groups.set(change.id, [...(groups.get(change.id) ?? []), change]);
  return [...groups].flatMap(([id, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    const { before = null, after = null } = whole.get(id) ?? {};
    const { record, name } = first;
    return [{ id, record, name, look: lookOf(own), changes: own, before, after, last: newestOf(own) }];
  });
}

const looks = ['added', 'deleted', 'edited', 'framed', 'moved'] as const;

function lookOf(changes: readonly BoardChange[]): RecordChange['look'] {
  const strongest = looks.find((look) => changes.some(({ what }) => what === look)) ?? 'edited';
  return strongest === 'framed' ? 'moved' : strongest;
}

function newestOf(changes: readonly BoardChange[]): LastAct | null {
  return changes.reduce<LastAct | null>(
    (held, { last }) => (held === null || (last !== null && last.seq > held.seq) ? last : held),
    null,
  );
}

export type Box = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

/** About as high as a card with a title and a line or two. */
const CARD_HEIGHT = 84;

export function boxOf(record: Json | Fields): Box | null {
  const { x, y, w, h } = fieldsOf(record as Json) ?? {};
  if (typeof x !== 'number' || typeof y !== 'number' || typeof w !== 'number') return null;
  return { x, y, w, h: typeof h === 'number' ? h : CARD_HEIGHT };
}

/** The name of a frame or a card of the comparison, or nothing. */
export function titlesIn(board: BoardCompared): (id: string) => string {
  const titles = new Map<string, string>();
  for (const { id, frame } of board.still) if (frame !== null) titles.set(id, frame);
  for (const { id, before, after } of board.records) {
    const { title } = fieldsOf(after) ?? fieldsOf(before) ?? {};
    if (typeof title === 'string') titles.set(id, title);
  }
  return (id) => titles.get(id) ?? '';
}
