import type { Card } from '#shared/board/card.ts';
import type { Frame } from '#shared/board/frame.ts';

export type Point = { readonly x: number; readonly y: number };
export type Size = { readonly width: number; readonly height: number };

/** Until the browser has measured a card. */
export function guessedSize(card: Card): Size {
  const lines = Math.min(12, Math.ceil(card.text.length / (card.w / 7)));
  return { width: card.w, height: 62 + 19 * lines };
}

/** As one reads: rows of about a card's height from the top, in each from the left. */
export function readingOrder<T extends Point>(things: Iterable<T>): T[] {
  const row = (thing: T) => Math.floor(thing.y / 80);
  return [...things].sort((a, b) => row(a) - row(b) || a.x - b.x);
}

/** The smallest frame that holds the card's centre. */
export function frameAt(frames: Iterable<Frame>, centre: Point): Frame | null {
  let found: Frame | null = null;
  for (const frame of frames) {
    const inside =
      centre.x >= frame.x &&
      centre.x <= frame.x + frame.w &&
      centre.y >= frame.y &&
      centre.y <= frame.y + frame.h;
    if (inside && (!found || frame.w * frame.h < found.w * found.h)) found = frame;
  }
  return found;
}

/** A frame's rectangle around cards, with room for its name. */
export function around(cards: readonly (Point & Size)[]): { x: number; y: number; w: number; h: number } {
  const left = Math.min(...cards.map((one) => one.x)) - 20;
  const top = Math.min(...cards.map((one) => one.y)) - 28;
  const right = Math.max(...cards.map((one) => one.x + one.width)) + 20;
  const bottom = Math.max(...cards.map((one) => one.y + one.height)) + 20;
  return { x: left, y: top, w: right - left, h: bottom - top };
}

export type Edges = {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
};

/** By how much a thing must move to lie within `view`, clear of what covers its edges; its top left corner comes first. */
export function intoView(thing: Edges, view: Edges, covered: Edges): Point {
  const along = (start: number, end: number, from: number, to: number) => {
    if (start < from) return from - start;
    return end > to ? Math.max(to - end, from - start) : 0;
  };
  return {
    x: along(thing.left, thing.right, view.left + covered.left, view.right - covered.right),
    y: along(thing.top, thing.bottom, view.top + covered.top, view.bottom - covered.bottom),
  };
}
