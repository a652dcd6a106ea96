import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { type PointerEvent, useDeferredValue, useMemo } from 'react';

import { useBoard, useBoardsText, useSnapshot } from '../board-context.ts';
import type { BoardSnapshot } from '../model/board-store.ts';
import { guessedSize } from '../model/place.ts';
import styles from './canvas.module.css';
import type { Box } from './geometry.ts';

const WIDTH = 150;
const HEIGHT = 92;
const MARGIN = 10;

/** The whole board, small, as two paths however many cards there are; press or drag to go there. */
export function BoardMap() {
  const { desk } = useBoard();
  const say = useBoardsText();
  const flow = useReactFlow();
  const store = useStoreApi();
  const board = useDeferredValue(useSnapshot(desk));
  const drawn = useMemo(() => draw(board), [board]);
  const [x, y, zoom] = useStore((state) => state.transform);
  const { width, height } = store.getState();
  const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  const all = drawn.box ? union(drawn.box, view) : view;
  const scale = Math.max(all.width / (WIDTH - 2 * MARGIN), all.height / (HEIGHT - 2 * MARGIN)) || 1;
  const left = all.x - (WIDTH * scale - all.width) / 2;
  const top = all.y - (HEIGHT * scale - all.height) / 2;
  const go = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const box = event.currentTarget.getBoundingClientRect();
    const at = { x: left + (event.clientX - box.x) * scale, y: top + (event.clientY - box.y) * scale };
    void flow.setCenter(at.x, at.y, { zoom });
  };
  return (
    <svg
      className={styles.map}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`${left} ${top} ${WIDTH * scale} ${HEIGHT * scale}`}
      role="img"
      aria-label={say('map')}
      onPointerDown={go}
      onPointerMove={go}
    >
      <path className={styles.mapCards} d={drawn.cards} />
      <path className={styles.mapFrames} d={drawn.frames} />
      <rect className={styles.mapView} {...view} rx={4 * scale} />
    </svg>
  );
}

function draw({ cards, frames }: BoardSnapshot): { cards: string; frames: string; box: Box | null } {
  const cardBoxes = [...cards.values()].map((card): Box => ({ x: card.x, y: card.y, ...guessedSize(card) }));
  const frameBoxes = [...frames.values()].map(({ x, y, w, h }): Box => ({ x, y, width: w, height: h }));
  let box: Box | null = null;
  for (const one of [...cardBoxes, ...frameBoxes]) box = box ? union(box, one) : one;
  return { cards: cardBoxes.map(outline).join(''), frames: frameBoxes.map(outline).join(''), box };
}

function outline({ x, y, width, height }: Box): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

function union(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}
