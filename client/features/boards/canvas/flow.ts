import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react';

import type { Card } from '#shared/board/card.ts';
import type { Frame } from '#shared/board/frame.ts';
import type { Link } from '#shared/board/link.ts';

import type { BoardSnapshot } from '../model/board-store.ts';
import { guessedSize, type Point, type Size } from '../model/place.ts';
import { type Other, typingKey } from '../model/presence.ts';

export type CardNode = Node<
  { card: Card; holder: Other | null; editing: boolean; tabbable: boolean; links: number },
  'card'
>;
export type FrameNode = Node<
  { frame: Frame; holder: Other | null; editing: boolean; tabbable: boolean },
  'frame'
>;
export type BoardNode = CardNode | FrameNode;
export type LinkEdge = Edge<{ link: Link; typist: Other | null }, 'link'>;

/** Where something is while the officer drags or resizes it, before the document says so. */
export type Held = Partial<Point & Size>;

export type FlowInput = {
  readonly board: BoardSnapshot;
  readonly sizes: ReadonlyMap<string, Size>;
  readonly held: ReadonlyMap<string, Held>;
  readonly selection: ReadonlySet<string>;
  readonly holders: ReadonlyMap<string, Other>;
  readonly editing: string | null;
  readonly roving: string | null;
};

/** Gives the same object again while nothing it was made of changed: React Flow compares nodes by identity. */
export class Kept<T> {
  #kept = new Map<string, { from: readonly unknown[]; made: T }>();
  #next = new Map<string, { from: readonly unknown[]; made: T }>();

  take(id: string, from: readonly unknown[], make: () => T): T {
    const known = this.#kept.get(id);
    const same = known?.from.every((one, at) => Object.is(one, from[at]));
    const entry = known && same ? known : { from, made: make() };
    this.#next.set(id, entry);
    return entry.made;
  }

  /** Forgets what was not taken since the last sweep. */
  sweep(): void {
    this.#kept = this.#next;
    this.#next = new Map();
  }
}

export function nodesOf(input: FlowInput, kept: Kept<BoardNode>): BoardNode[] {
  const counts = linkCounts(input.board);
  const frames = [...input.board.frames.values()].map((frame) => frameNode(frame, input, kept));
  const cards = [...input.board.cards.values()].map((card) =>
    cardNode(card, counts.get(card.id) ?? 0, { input, kept }),
  );
  kept.sweep();
  return [...frames, ...cards];
}

export type EdgeInput = {
  readonly board: BoardSnapshot;
  readonly chosen: string | null;
  readonly typists: ReadonlyMap<string, Other>;
};

export function edgesOf({ board, chosen, typists }: EdgeInput, kept: Kept<LinkEdge>): LinkEdge[] {
  const edges: LinkEdge[] = [];
  for (const link of board.links.values()) {
    if (!board.cards.has(link.from) || !board.cards.has(link.to)) continue;
    const selected = link.id === chosen;
    const typist = typists.get(typingKey({ record: link.id, field: 'label' })) ?? null;
    edges.push(
      kept.take(link.id, [link, selected, typist], () => ({
        id: link.id,
        type: 'link',
        source: link.from,
        target: link.to,
        selected,
        data: { link, typist },
      })),
    );
  }
  kept.sweep();
  return edges;
}

type Making = { readonly input: FlowInput; readonly kept: Kept<BoardNode> };

function cardNode(card: Card, links: number, { input, kept }: Making): BoardNode {
  const size = input.sizes.get(card.id) ?? guessedSize(card);
  const { x, y } = placeOf(card, input);
  const selected = input.selection.has(card.id);
  const holder = input.holders.get(card.id) ?? null;
  const editing = input.editing === card.id;
  const tabbable = input.roving === card.id;
  return kept.take(card.id, [card, size, x, y, selected, holder, editing, tabbable, links], () => ({
    id: card.id,
    type: 'card',
    position: { x, y },
    measured: size,
    handles: handlesOf(size),
    selected,
    draggable: !editing,
    zIndex: 1 + Math.max(0, card.z),
    data: { card, holder, editing, tabbable, links },
  }));
}

function frameNode(frame: Frame, input: FlowInput, kept: Kept<BoardNode>): BoardNode {
  const held = input.held.get(frame.id);
  const { x, y, width, height } = { x: frame.x, y: frame.y, width: frame.w, height: frame.h, ...held };
  const selected = input.selection.has(frame.id);
  const holder = input.holders.get(frame.id) ?? null;
  const editing = input.editing === frame.id;
  const tabbable = input.roving === frame.id;
  return kept.take(frame.id, [frame, x, y, width, height, selected, holder, editing, tabbable], () => ({
    id: frame.id,
    type: 'frame',
    position: { x, y },
    width,
    height,
    measured: { width, height },
    handles: [],
    selected,
    dragHandle: '.frame-handle',
    zIndex: 0,
    style: { pointerEvents: 'none' },
    data: { frame, holder, editing, tabbable },
  }));
}

/** A card goes along with its frame while that is dragged. */
function placeOf(card: Card, { held, board }: FlowInput): Point {
  const own = held.get(card.id);
  if (own) return { x: own.x ?? card.x, y: own.y ?? card.y };
  const frame = card.frame ? board.frames.get(card.frame) : undefined;
  const moved = frame && held.get(frame.id);
  if (!frame || !moved || moved.width !== undefined) return card;
  return { x: card.x + (moved.x ?? frame.x) - frame.x, y: card.y + (moved.y ?? frame.y) - frame.y };
}

function handlesOf({ width, height }: Size): NodeHandle[] {
  const handle = (id: string, position: Position, at: Point): NodeHandle => ({
    id,
    type: 'source',
    position,
    x: at.x - 6,
    y: at.y - 6,
    width: 12,
    height: 12,
  });
  return [
    handle('top', Position.Top, { x: width / 2, y: 0 }),
    handle('right', Position.Right, { x: width, y: height / 2 }),
    handle('bottom', Position.Bottom, { x: width / 2, y: height }),
    handle('left', Position.Left, { x: 0, y: height / 2 }),
  ];
}

function linkCounts(board: BoardSnapshot): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { from, to } of board.links.values()) {
    counts.set(from, (counts.get(from) ?? 0) + 1);
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  return counts;
}
