import type { ReactFlowInstance } from '@xyflow/react';
import { type DragEvent, type PointerEvent, useEffect, useMemo } from 'react';

import { clock } from '#client/platform/clock.ts';

import type { BoardDesk } from '../board-context.ts';
import type { BoardNode, LinkEdge } from '../canvas/flow.ts';
import { indicatorDragType, readIndicatorDrop } from '../model/indicator-drop.ts';
import type { Point } from '../model/place.ts';
import { Throttle } from '../model/throttle.ts';
import type { BoardCommands } from './use-commands.ts';

type Flow = ReactFlowInstance<BoardNode, LinkEdge>;

/** Tells the others where I point and what I hold, ten times a second at most. */
export function usePointing(desk: BoardDesk, flow: Flow, selection: ReadonlySet<string>) {
  const { presence } = desk;
  useEffect(() => presence.say({ selection: [...selection] }), [presence, selection]);
  return useMemo(() => {
    const throttle = new Throttle(clock, 100);
    const point = (cursor: Point | null) => throttle.run(() => presence.say({ cursor }));
    return {
      onPointerMove: ({ clientX, clientY }: PointerEvent) => {
        const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY });
        point({ x: Math.round(x), y: Math.round(y) });
      },
      onPointerLeave: () => point(null),
    };
  }, [presence, flow]);
}

/** Takes indicators dragged from the register. */
export function dropTarget(flow: Flow, commands: BoardCommands, writable: boolean) {
  return {
    onDragOver: (event: DragEvent) => {
      if (!writable || !event.dataTransfer.types.includes(indicatorDragType)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDrop: (event: DragEvent) => {
      const indicator = readIndicatorDrop(event.dataTransfer.getData(indicatorDragType));
      if (!writable || !indicator) return;
      event.preventDefault();
      commands.addIndicator(indicator, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
    },
  };
}
