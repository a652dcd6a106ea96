import { Position } from '@xyflow/react';

import type { Point, Size } from '../model/place.ts';

export type Box = Point & Size;
export type End = Point & { readonly side: Position };

/** Where a link leaves one box and enters the other: on the sides that face each other, leaning toward the far centre. */
export function linkEnds(from: Box, to: Box): readonly [End, End] {
  const across = Math.max(to.x - (from.x + from.width), from.x - (to.x + to.width));
  const along = Math.max(to.y - (from.y + from.height), from.y - (to.y + to.height));
  if (across >= along) {
    const toTheRight = centre(to).x >= centre(from).x;
    return [
      onSide(from, to, toTheRight ? Position.Right : Position.Left),
      onSide(to, from, toTheRight ? Position.Left : Position.Right),
    ];
  }
  const below = centre(to).y >= centre(from).y;
  return [
    onSide(from, to, below ? Position.Bottom : Position.Top),
    onSide(to, from, below ? Position.Top : Position.Bottom),
  ];
}

function onSide(box: Box, far: Box, side: Position): End {
  const [mine, theirs] = [centre(box), centre(far)];
  const lean = (delta: number, length: number) => clamp(delta * 0.12, length / 2 - 14);
  const x = mine.x + lean(theirs.x - mine.x, box.width);
  const y = mine.y + lean(theirs.y - mine.y, box.height);
  switch (side) {
    case Position.Left:
      return { x: box.x, y, side };
    case Position.Right:
      return { x: box.x + box.width, y, side };
    case Position.Top:
      return { x, y: box.y, side };
    case Position.Bottom:
      return { x, y: box.y + box.height, side };
  }
}

function centre(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
