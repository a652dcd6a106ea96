import { equalBytes } from '#shared/kernel/encoding.ts';

import type { BoardChanges } from './check-content.ts';
import { type BoardPart, boardPlace, contentPlace, placeOf } from './layout.ts';
import { type Bad, bad, type OpenPack } from './open-pack.ts';

/** What the changes of a board, one after the other, come to: the state as Yjs writes it, and as canonical JSON. */
export type RebuildBoard = (changes: readonly Uint8Array[]) => {
  readonly yjs: Uint8Array;
  readonly json: Uint8Array;
};

const parts: readonly BoardPart[] = ['updates.txt', 'state.yjs', 'state.json'];

/** A board in a pack is all of its changes that the record shows, and what they give. [RC-76] */
export function checkBoards(
  pack: OpenPack,
  changes: BoardChanges,
  rebuild: RebuildBoard | null,
): { readonly held: number } | Bad {
  const boards = new Set<string>();
  for (const { name } of pack.data) {
    const placed = placeOf(name);
    if (placed?.kind === 'board') boards.add(placed.board);
  }
  for (const board of boards) {
    const missing = parts.find((part) => !pack.has(boardPlace(board, part)));
    if (missing !== undefined) return bad('pack-file-missing', boardPlace(board, missing));
    const fault = checkBoard(pack, { board, changes: changes.get(board) ?? [], rebuild });
    if (fault !== null) return fault;
  }
  return { held: boards.size };
}

type Given = {
  readonly board: string;
  readonly changes: readonly number[];
  readonly rebuild: RebuildBoard | null;
};

function checkBoard(pack: OpenPack, { board, changes, rebuild }: Given): Bad | null {
  const list = boardPlace(board, 'updates.txt');
  if (pack.readText(list) !== listChanges(changes)) return bad('board-changes-differ', list);
  if (rebuild === null) return null;
  const bytes = changes.map((seq) => pack.read(contentPlace(seq)) ?? new Uint8Array());
  const state = attempt(() => rebuild(bytes));
  for (const [part, made] of [
    ['state.yjs', state?.yjs],
    ['state.json', state?.json],
  ] as const) {
    const place = boardPlace(board, part);
    const held = pack.read(place);
    if (held === null || made === undefined || !equalBytes(held, made))
      return bad('board-state-differs', place);
  }
  return null;
}

/** `updates.txt`: the numbers of the entries whose contents are the changes, one a line. */
export function listChanges(changes: readonly number[]): string {
  return changes.map((seq) => `${seq}\n`).join('');
}

/** Changes that cannot be read give no state. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
