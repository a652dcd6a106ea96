import type { NodeChange } from '@xyflow/react';
import { useCallback, useMemo, useState } from 'react';

import type { Card } from '#shared/board/card.ts';
import type { Frame } from '#shared/board/frame.ts';
import type { BoardFocus } from '../acts/use-focus.ts';
import { useHolders, useTypists } from '../acts/use-holders.ts';
import { type BoardDesk, useSnapshot } from '../board-context.ts';
import type { BoardSnapshot } from '../model/board-store.ts';
import { readingOrder, type Size } from '../model/place.ts';
import { type BoardNode, edgesOf, type Held, Kept, type LinkEdge, nodesOf } from './flow.ts';

const nothingHeld: ReadonlyMap<string, Held> = new Map();

export type Flow = {
  readonly nodes: BoardNode[];
  readonly edges: LinkEdge[];
  readonly onNodesChange: (changes: NodeChange<BoardNode>[]) => void;
  /** The document has what was dragged. */
  readonly letGo: () => void;
};

/** What React Flow draws: the document, and over it what the officer holds in the hand. */
export function useFlow(desk: BoardDesk, focus: BoardFocus): Flow {
  const board = useSnapshot(desk);
  const holders = useHolders(desk);
  const typists = useTypists(desk);
  const [sizes, setSizes] = useState<ReadonlyMap<string, Size>>(new Map());
  const [held, setHeld] = useState(nothingHeld);
  const [keptNodes] = useState(() => new Kept<BoardNode>());
  const [keptEdges] = useState(() => new Kept<LinkEdge>());
  const { selection, editing, link } = focus;
  const roving = useMemo(() => roveFrom(board, focus.roving), [board, focus.roving]);
  const nodes = useMemo(
    () => nodesOf({ board, sizes, held, selection, holders, editing, roving }, keptNodes),
    [board, sizes, held, selection, holders, editing, roving, keptNodes],
  );
  const edges = useMemo(
    () => edgesOf({ board, chosen: link, typists }, keptEdges),
    [board, link, typists, keptEdges],
  );
  return {
    nodes,
    edges,
    onNodesChange: (changes) => {
      setSizes((before) => measured(before, changes));
      setHeld((before) => grabbed(before, changes));
      focus.select((before) => selected(before, changes));
    },
    letGo: useCallback(() => setHeld(nothingHeld), []),
  };
}

/** Where Tab enters the board: where it last was, or at the first thing as one reads. */
function roveFrom(board: BoardSnapshot, last: string | null): string | null {
  if (last !== null && (board.cards.has(last) || board.frames.has(last))) return last;
  return readingOrder<Card | Frame>([...board.frames.values(), ...board.cards.values()])[0]?.id ?? null;
}

function measured(before: ReadonlyMap<string, Size>, changes: readonly NodeChange<BoardNode>[]) {
  const found = changes.flatMap((change) =>
    change.type === 'dimensions' && change.dimensions && !change.setAttributes
      ? ([[change.id, change.dimensions]] as const)
      : [],
  );
  return found.length === 0 ? before : new Map([...before, ...found]);
}

function grabbed(before: ReadonlyMap<string, Held>, changes: readonly NodeChange<BoardNode>[]) {
  const found = changes.flatMap((change): [string, Held][] => {
    if (change.type === 'position' && change.position) return [[change.id, change.position]];
    if (change.type === 'dimensions' && change.setAttributes && change.dimensions) {
      return [[change.id, change.dimensions]];
    }
    return [];
  });
  if (found.length === 0) return before;
  const held = new Map(before);
  for (const [id, part] of found) held.set(id, { ...held.get(id), ...part });
  return held;
}

function selected(before: ReadonlySet<string>, changes: readonly NodeChange<BoardNode>[]) {
  const found = changes.filter((change) => change.type === 'select');
  if (found.length === 0) return before;
  const selection = new Set(before);
  for (const { id, selected: chosen } of found) {
    if (chosen) selection.add(id);
    else selection.delete(id);
  }
  return selection;
}
