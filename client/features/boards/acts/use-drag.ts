import { useMemo } from 'react';

import { clock } from '#client/platform/clock.ts';
import { editCard, moveCards } from '#shared/board/card.ts';
import { editFrame, moveFrame } from '#shared/board/frame.ts';

import type { BoardDesk } from '../board-context.ts';
import type { BoardNode, CardNode, FrameNode } from '../canvas/flow.ts';
import { frameAt } from '../model/place.ts';
import { Throttle } from '../model/throttle.ts';

/** Each step of a drag is kept for ever, so others see at most ten a second. [CB-15] */
const STEP = 100;

export type Drag = {
  readonly onNodeDragStart: () => void;
  readonly onNodeDrag: (event: unknown, node: BoardNode, nodes: BoardNode[]) => void;
  readonly onNodeDragStop: (event: unknown, node: BoardNode, nodes: BoardNode[]) => void;
};

export function useDrag(desk: BoardDesk, letGo: () => void): Drag {
  return useMemo(() => {
    const throttle = new Throttle(clock, STEP);
    let drags = 0;
    const write = (nodes: BoardNode[], last: boolean) =>
      desk.editing.act(`drag-${drags}`, (doc, origin) => {
        const cards = nodes.filter(isCard);
        for (const frame of nodes.filter(isFrame)) {
          moveFrame(doc, { id: frame.data.frame.id, ...frame.position }, origin);
        }
        moveCards(
          doc,
          cards.map((node) => ({ id: node.data.card.id, ...node.position })),
          origin,
        );
        if (last) for (const node of cards) editCard(doc, settle(node, nodes, desk), origin);
      });
    return {
      onNodeDragStart: () => {
        drags += 1;
      },
      onNodeDrag: (_event, _node, nodes) => throttle.run(() => write(nodes, false)),
      onNodeDragStop: (_event, _node, nodes) => {
        throttle.cancel();
        write(nodes, true);
        desk.editing.endGesture();
        letGo();
      },
    };
  }, [desk, letGo]);
}

/** Where it was dropped decides its frame, unless that came along; and what was moved lies on top. */
function settle(node: CardNode, moved: readonly BoardNode[], desk: BoardDesk) {
  const { cards, frames } = desk.store.snapshot();
  const { card } = node.data;
  const { width = 0, height = 0 } = node.measured ?? {};
  const centre = { x: node.position.x + width / 2, y: node.position.y + height / 2 };
  const along = moved.some((one) => one.id === card.frame);
  const highest = Math.max(0, ...[...cards.values()].filter((one) => one.id !== card.id).map((one) => one.z));
  return {
    id: card.id,
    frame: along ? card.frame : (frameAt(frames.values(), centre)?.id ?? null),
    z: card.z > highest || cards.size < 2 ? card.z : highest + 1,
  };
}

export type Resize = (frame: FrameNode['data']['frame'], to: Rect, last: boolean) => void;
type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export function useResize(desk: BoardDesk, letGo: () => void): Resize {
  return useMemo(() => {
    const throttle = new Throttle(clock, STEP);
    return (frame, { x, y, width, height }, last) => {
      const write = () =>
        desk.editing.act(`resize-${frame.id}`, (doc, origin) =>
          editFrame(doc, { id: frame.id, x, y, w: width, h: height }, origin),
        );
      if (!last) return throttle.run(write);
      throttle.cancel();
      write();
      desk.editing.endGesture();
      letGo();
    };
  }, [desk, letGo]);
}

function isCard(node: BoardNode): node is CardNode {
  return node.type === 'card';
}

function isFrame(node: BoardNode): node is FrameNode {
  return node.type === 'frame';
}
