import '@xyflow/react/dist/base.css';

import {
  Background,
  BackgroundVariant,
  ConnectionMode,
  type OnConnectEnd,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
} from '@xyflow/react';
import { type FocusEvent, type Ref, useEffect, useImperativeHandle, useMemo, useRef } from 'react';

import { classes } from '#client/ui/classes.ts';
import type { Card } from '#shared/board/card.ts';
import { type BoardActs, clicksOf, useBoardActs } from '../acts/use-board-acts.ts';
import { useDrag, useResize } from '../acts/use-drag.ts';
import { type BoardFocus, useFocus } from '../acts/use-focus.ts';
import { useHolders } from '../acts/use-holders.ts';
import { dropTarget, usePointing } from '../acts/use-pointing.ts';
import {
  BoardContext,
  type BoardDesk,
  type BoardSlots,
  useBoardsText,
  useSnapshot,
} from '../board-context.ts';
import { CardNode } from '../card/card-node.tsx';
import type { IndicatorDrop } from '../model/indicator-drop.ts';
import { BoardDialogs } from '../panels/board-dialogs.tsx';
import { EmptyBoard } from '../panels/board-states.tsx';
import { DamagedRecords } from '../panels/damaged-records.tsx';
import { Toolbar } from '../panels/toolbar.tsx';
import { BoardMap } from './board-map.tsx';
import styles from './canvas.module.css';
import { Cursors } from './cursors.tsx';
import { FrameNode } from './frame-node.tsx';
import { ArrowHeads, LinkEdge } from './link-edge.tsx';
import { ResizeContext } from './resizing.ts';
import { type Flow, useFlow } from './use-flow.ts';

const nodeTypes = { card: CardNode, frame: FrameNode };
const edgeTypes = { link: LinkEdge };

/** What the rest of the room may ask of the board on screen. */
export type BoardHandle = {
  readonly addIndicator: (indicator: IndicatorDrop) => void;
  readonly showCard: (id: string) => void;
};

export type BoardCanvasProps = {
  readonly desk: BoardDesk;
  readonly slots: BoardSlots;
  readonly writable: boolean;
  readonly handle?: Ref<BoardHandle> | undefined;
  /** Called with the one selected card, or `null`. */
  readonly onCardSelected?: ((card: Card | null) => void) | undefined;
};

export function BoardCanvas(props: BoardCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ desk, slots, writable, handle, onCardSelected }: BoardCanvasProps) {
  const say = useBoardsText();
  const canvas = useRef<HTMLDivElement>(null);
  const focus = useFocus();
  const acts = useBoardActs({ desk, slots, writable, focus, canvas });
  const flow = useFlow(desk, focus, useHolders(desk));
  const resize = useResize(desk, flow.letGo);
  const { cards, frames } = useSnapshot(desk);
  const { commands, stopEditing, letAllGo, dialog } = acts;
  const board = useMemo(
    () => ({ ...slots, desk, writable, stopEditing, letAllGo }),
    [slots, desk, writable, stopEditing, letAllGo],
  );
  useHandle(handle, acts, focus);
  useSelectedCard(desk, focus.selection, onCardSelected);
  return (
    <BoardContext value={board}>
      <ResizeContext value={resize}>
        {/* biome-ignore lint/a11y/useSemanticElements: a board is not a form; its cards carry the keys. */}
        <div
          ref={canvas}
          className={classes(styles.canvas, acts.tool.tool !== 'select' && styles.placing)}
          role="group"
          aria-label={say('board')}
          tabIndex={-1}
          onKeyDown={acts.onKeyDown}
          onFocus={selectFocused(focus)}
          {...usePointing(desk, acts.flow, focus.selection)}
          {...dropTarget(acts.flow, commands, writable)}
        >
          <Surface desk={desk} writable={writable} acts={acts} flow={flow} focus={focus} />
          <Toolbar tool={acts.tool} setTool={acts.setTool} commands={commands} />
          <DamagedRecords />
          {cards.size + frames.size === 0 && <EmptyBoard writable={writable} />}
          {dialog && <BoardDialogs dialog={dialog} commands={commands} onClose={() => acts.open(null)} />}
          <div className="visually-hidden" aria-live="polite">
            {acts.said}
          </div>
        </div>
      </ResizeContext>
    </BoardContext>
  );
}

type SurfaceProps = {
  readonly desk: BoardDesk;
  readonly writable: boolean;
  readonly acts: BoardActs;
  readonly flow: Flow;
  readonly focus: BoardFocus;
};

/** React Flow, with its own keys off: they are ours, and mean the same everywhere. */
function Surface({ desk, writable, acts, flow, focus }: SurfaceProps) {
  const drag = useDrag(desk, flow.letGo);
  const { commands } = acts;
  return (
    <ReactFlow
      nodes={flow.nodes}
      edges={flow.edges}
      onNodesChange={flow.onNodesChange}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      {...drag}
      {...clicksOf(acts, focus)}
      onConnect={({ source, target }) => commands.connect(source, target)}
      onConnectEnd={dropOnCard(commands.connect)}
      connectionMode={ConnectionMode.Loose}
      connectionRadius={30}
      nodesDraggable={writable}
      nodesConnectable={writable}
      nodesFocusable={false}
      edgesFocusable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionMode={SelectionMode.Partial}
      selectionKeyCode="Shift"
      multiSelectionKeyCode={['Control', 'Meta', 'Shift']}
      zoomOnDoubleClick={false}
      elevateNodesOnSelect={false}
      onlyRenderVisibleElements
      minZoom={0.1}
      maxZoom={2}
      fitView
      fitViewOptions={{ padding: 0.15, minZoom: 0.4, maxZoom: 1 }}
      attributionPosition="bottom-left"
    >
      <Background variant={BackgroundVariant.Dots} gap={22} size={2} color="var(--dot)" />
      <ArrowHeads />
      <Cursors />
      <BoardMap />
    </ReactFlow>
  );
}

/** Whoever comes by Tab has the card in hand at once; a click selects by itself. */
function selectFocused(focus: BoardFocus) {
  return ({ target }: FocusEvent<HTMLElement>) => {
    const { card } = target.dataset;
    if (card === undefined || !target.matches(':focus-visible') || focus.selection.has(card)) return;
    focus.selectOnly(card);
  };
}

/** A link dropped anywhere on a card is meant for that card. */
function dropOnCard(connect: (from: string, to: string) => void): OnConnectEnd {
  return (event, { fromNode, isValid }) => {
    if (isValid || !fromNode || !(event instanceof MouseEvent)) return;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const target = under?.closest<HTMLElement>('[data-card]')?.dataset.card;
    if (target !== undefined) connect(fromNode.id, target);
  };
}

function useHandle(handle: Ref<BoardHandle> | undefined, acts: BoardActs, focus: BoardFocus): void {
  const { flow, commands, focusCard } = acts;
  useImperativeHandle(
    handle,
    () => ({
      addIndicator: (indicator) => commands.addIndicator(indicator),
      showCard: (id) => {
        focus.selectOnly(id);
        void flow.fitView({ nodes: [{ id }], maxZoom: 1, duration: 200 });
        focusCard(id);
      },
    }),
    [commands, focus, flow, focusCard],
  );
}

function useSelectedCard(
  desk: BoardDesk,
  selection: ReadonlySet<string>,
  onCardSelected: ((card: Card | null) => void) | undefined,
): void {
  const { cards } = useSnapshot(desk);
  const [id] = selection;
  const card = selection.size === 1 && id !== undefined ? (cards.get(id) ?? null) : null;
  useEffect(() => onCardSelected?.(card), [card, onCardSelected]);
}
