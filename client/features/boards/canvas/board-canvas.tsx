import '@xyflow/react/dist/base.css';

import {
  Background,
  BackgroundVariant,
  ConnectionMode,
  type OnConnectEnd,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useStoreApi,
} from '@xyflow/react';
import { type FocusEvent, useEffect, useMemo, useRef, useState } from 'react';

import { classes } from '#client/ui/classes.ts';
import type { Card } from '#shared/board/card.ts';
import { type BoardActs, clicksOf, useBoardActs } from '../acts/use-board-acts.ts';
import { useDrag, useResize } from '../acts/use-drag.ts';
import { type BoardFocus, useFocus } from '../acts/use-focus.ts';
import { dropTarget, usePointing } from '../acts/use-pointing.ts';
import {
  BoardContext,
  type BoardDesk,
  type BoardSlots,
  useBoardsText,
  useSnapshot,
} from '../board-context.ts';
import { CardNode } from '../card/card-node.tsx';
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
const nothing = () => undefined;
/** React Flow's licence (MIT) allows it, and a room of the police shows no link to outside. NOTICE credits it. */
const noOutsideLink = { hideAttribution: true };

/** A card to go to. */
export type Goal = { readonly card: string };

export type BoardCanvasProps = {
  readonly desk: BoardDesk;
  readonly slots: BoardSlots;
  readonly writable: boolean;
  /** The board is shown as it stood, not as it is. */
  readonly past: boolean;
  /** `null`: none is shown beside it. */
  readonly history: { readonly open: boolean; readonly toggle: () => void } | null;
  /** A new object is a new wish. */
  readonly goal?: Goal | null | undefined;
  /** A card or frame to select and to have in view, while the keys stay where they are. */
  readonly glance: string | null;
  /** Called with what alone is selected, a card or a frame, and with the card. */
  readonly onSelected: (id: string | null, card: Card | null) => void;
};

export function BoardCanvas(props: BoardCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas(props: BoardCanvasProps) {
  const { desk, slots, writable, past, history, goal, onSelected } = props;
  const say = useBoardsText();
  const canvas = useRef<HTMLDivElement>(null);
  const focus = useFocus();
  const acts = useBoardActs({ desk, slots, writable, focus, canvas, history: history?.toggle ?? nothing });
  const flow = useFlow(desk, focus);
  const resize = useResize(desk, flow.letGo);
  const { cards, frames } = useSnapshot(desk);
  const { commands, stopEditing, letAllGo, dialog } = acts;
  const board = useMemo(
    () => ({ ...slots, desk, writable, stopEditing, letAllGo }),
    [slots, desk, writable, stopEditing, letAllGo],
  );
  useGoal(goal, acts, focus);
  useGlance(props, acts, focus);
  useReadOnly(writable, acts, focus);
  useSelected(desk, focus.selection, onSelected);
  return (
    <BoardContext value={board}>
      <ResizeContext value={resize}>
        {/* biome-ignore lint/a11y/useSemanticElements: a board is not a form; its cards carry the keys. */}
        <div
          ref={canvas}
          className={classes(
            styles.canvas,
            acts.tool.tool !== 'select' && styles.placing,
            past && styles.past,
          )}
          role="group"
          aria-label={say('board')}
          tabIndex={-1}
          onKeyDown={acts.onKeyDown}
          onFocus={selectFocused(focus)}
          {...usePointing(desk, acts.flow, focus.selection)}
          {...dropTarget(acts.flow, commands, writable)}
        >
          <Surface desk={desk} writable={writable} acts={acts} flow={flow} focus={focus} />
          <Toolbar
            tool={acts.tool}
            setTool={acts.setTool}
            commands={commands}
            history={history?.open ?? null}
          />
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
  // An empty board is not fitted later either: the first card would jump from under the pointer.
  const [fit] = useState(flow.nodes.length > 0);
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
      fitView={fit}
      fitViewOptions={{ padding: 0.15, minZoom: 0.4, maxZoom: 1 }}
      proOptions={noOutsideLink}
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

/** Goes where a message or another panel points, as soon as the card is there. */
function useGoal(goal: Goal | null | undefined, acts: BoardActs, focus: BoardFocus): void {
  const { flow, focusCard } = acts;
  const { selectOnly } = focus;
  useEffect(() => {
    if (!goal) return;
    selectOnly(goal.card);
    void flow.fitView({ nodes: [{ id: goal.card }], maxZoom: 1, duration: 200 });
    focusCard(goal.card);
  }, [goal, flow, selectOnly, focusCard]);
}

function useGlance(
  { desk, glance }: BoardCanvasProps,
  { flow }: BoardActs,
  { selectOnly }: BoardFocus,
): void {
  const canvas = useStoreApi();
  useEffect(() => {
    if (glance === null) return;
    selectOnly(glance);
    const { cards, frames } = desk.store.snapshot();
    const thing = cards.get(glance) ?? frames.get(glance);
    if (!thing) return;
    const { width, height } = canvas.getState();
    const { x, y, zoom } = flow.getViewport();
    const at = { x: thing.x + thing.w / 2, y: thing.y + 40 };
    const shown = { x: at.x * zoom + x, y: at.y * zoom + y };
    const seen = shown.x > 0 && shown.x < width && shown.y > 0 && shown.y < height;
    if (!seen) void flow.setCenter(at.x, at.y, { zoom, duration: 200 });
  }, [glance, desk, flow, canvas, selectOnly]);
}

/** Whatever was under way ends when the board can no longer be changed. */
function useReadOnly(writable: boolean, { setTool }: BoardActs, { edit }: BoardFocus): void {
  useEffect(() => {
    if (writable) return;
    setTool({ tool: 'select' });
    edit(null);
  }, [writable, setTool, edit]);
}

function useSelected(
  desk: BoardDesk,
  selection: ReadonlySet<string>,
  onSelected: BoardCanvasProps['onSelected'],
): void {
  const { cards } = useSnapshot(desk);
  const [id] = selection;
  const one = selection.size === 1 && id !== undefined ? id : null;
  const card = one === null ? null : (cards.get(one) ?? null);
  useEffect(() => onSelected(one, card), [one, card, onSelected]);
}
