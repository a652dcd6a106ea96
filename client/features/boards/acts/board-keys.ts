import type { ReactFlowInstance } from '@xyflow/react';
import type { KeyboardEvent } from 'react';

import type { Card } from '#shared/board/card.ts';
import type { Frame } from '#shared/board/frame.ts';

import type { BoardDesk } from '../board-context.ts';
import type { BoardNode, LinkEdge } from '../canvas/flow.ts';
import { readingOrder } from '../model/place.ts';
import type { BoardCommands } from './use-commands.ts';
import type { BoardFocus } from './use-focus.ts';

export type KeyDeps = {
  readonly desk: BoardDesk;
  readonly writable: boolean;
  readonly focus: BoardFocus;
  readonly flow: ReactFlowInstance<BoardNode, LinkEdge>;
  readonly commands: BoardCommands;
  readonly edit: (id: string) => void;
  readonly focusCard: (id: string) => void;
  readonly letAllGo: () => void;
};

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Everything the mouse can do to a board, by key. Fields keep their keys to themselves. */
export function boardKeys(deps: KeyDeps): (event: KeyboardEvent<HTMLElement>) => void {
  return (event) => {
    if (!(event.target instanceof HTMLElement) || event.target.matches('input, textarea, select, dialog *'))
      return;
    const id = event.target.closest<HTMLElement>('[data-card]')?.dataset.card ?? null;
    const act =
      event.key === 'Tab' ? walk(event, id, deps) : (looking(event, deps) ?? writing(event, id, deps));
    if (!act) return;
    event.preventDefault();
    act();
  };
}

type Act = (() => void) | null;

/** Tab goes through cards and frames as one reads, and after the last one out of the board. */
function walk(event: KeyboardEvent, id: string | null, { desk, focus, flow, focusCard }: KeyDeps): Act {
  const { cards, frames } = desk.store.snapshot();
  const order = readingOrder<Card | Frame>([...frames.values(), ...cards.values()]);
  const at = order.findIndex((one) => one.id === id);
  const next = at < 0 ? undefined : order[at + (event.shiftKey ? -1 : 1)];
  if (!next) return null;
  return () => {
    focus.selectOnly(next.id);
    focusCard(next.id);
    if (!flow.isNodeIntersecting({ id: next.id }, viewOf(flow))) {
      void flow.setCenter(next.x + next.w / 2, next.y + 40, { zoom: flow.getZoom() });
    }
  };
}

function viewOf(flow: KeyDeps['flow']) {
  const { x, y, zoom } = flow.getViewport();
  return { x: -x / zoom, y: -y / zoom, width: innerWidth / zoom, height: innerHeight / zoom };
}

/** What a person who may only look can do too. */
function looking(event: KeyboardEvent, { commands, flow, letAllGo }: KeyDeps): Act {
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === 'a' ? commands.selectAll : null;
  switch (event.key) {
    case 'Escape':
      return letAllGo;
    case '0':
      return commands.fit;
    case 'h':
    case 'H':
      return commands.history;
    case '+':
    case '=':
      return () => void flow.zoomIn();
    case '-':
      return () => void flow.zoomOut();
    case '?':
      return () => commands.open({ open: 'keys' });
    default:
      return null;
  }
}

function writing(event: KeyboardEvent, id: string | null, deps: KeyDeps): Act {
  const { desk, writable, focus, commands } = deps;
  if (!writable) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    if (key === 'y' || (key === 'z' && event.shiftKey)) return () => desk.editing.redo();
    return key === 'z' ? () => desk.editing.undo() : null;
  }
  const arrow = arrows[key];
  if (arrow) {
    if (focus.selection.size === 0) return null;
    const step = event.shiftKey ? 40 : event.altKey ? 1 : 8;
    return () => commands.move({ x: arrow[0] * step, y: arrow[1] * step });
  }
  if (key === 'Delete' || key === 'Backspace') return commands.deleteSelection;
  if (key === 'n') return () => commands.open({ open: 'new-card' });
  if (key === 'f') return commands.frame;
  const [chosen] = id === null ? focus.selection : [id];
  return chosen === undefined ? null : withCard(key, chosen, deps);
}

function withCard(key: string, id: string, { desk, commands, edit }: KeyDeps): Act {
  if (key === 'Enter' || key === 'F2') return () => edit(id);
  if (!desk.store.snapshot().cards.has(id)) return null;
  if (key === 'c') return () => commands.open({ open: 'connect', card: id });
  if (key === 'l') return () => commands.open({ open: 'links', card: id });
  return null;
}
