import { useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useMemo, useState } from 'react';

import { clock } from '#client/platform/clock.ts';

import type { BoardDesk, BoardSlots } from '../board-context.ts';
import type { BoardNode, LinkEdge } from '../canvas/flow.ts';
import type { Point } from '../model/place.ts';
import type { OpenDialog } from '../panels/board-dialogs.tsx';
import type { Tool } from '../panels/toolbar.tsx';
import { boardKeys } from './board-keys.ts';
import { useCommands } from './use-commands.ts';
import type { BoardFocus } from './use-focus.ts';

type Deps = {
  readonly desk: BoardDesk;
  readonly slots: BoardSlots;
  readonly writable: boolean;
  readonly focus: BoardFocus;
  readonly canvas: RefObject<HTMLDivElement | null>;
  readonly history: () => void;
};

/** The tool in hand, the open dialog, and everything that can be done, ready for keys and pointers. */
export function useBoardActs({ desk, slots, writable, focus, canvas, history }: Deps) {
  const flow = useReactFlow<BoardNode, LinkEdge>();
  const [tool, setTool] = useState<Tool>({ tool: 'select' });
  const [dialog, open] = useState<OpenDialog | null>(null);
  const [said, announce] = useState('');
  const middle = useCallback((): Point => {
    const { x = 0, y = 0, width = 0, height = 0 } = canvas.current?.getBoundingClientRect() ?? {};
    return flow.screenToFlowPosition({ x: x + width / 2, y: y + height / 2 });
  }, [flow, canvas]);
  const placeFrame = useCallback(() => setTool({ tool: 'frame' }), []);
  const home = useCallback(() => canvas.current?.focus({ preventScroll: true }), [canvas]);
  const commands = useCommands({
    desk,
    slots,
    focus,
    flow,
    middle,
    open,
    placeFrame,
    announce,
    home,
    history,
  });
  const focusCard = useCallback(
    (id: string) => {
      // After the next frame: until then the card may not be drawn.
      clock.after(40, () =>
        canvas.current?.querySelector<HTMLElement>(`[data-card="${id}"]`)?.focus({ preventScroll: true }),
      );
    },
    [canvas],
  );
  const edit = useCallback(
    (id: string) => {
      const ref = desk.store.snapshot().cards.get(id)?.ref;
      if (ref) slots.onOpenRef?.(ref);
      else if (writable) focus.edit(id);
    },
    [desk, slots, writable, focus],
  );
  const letAllGo = useCallback(() => {
    setTool({ tool: 'select' });
    focus.select(() => new Set());
    focus.chooseLink(null);
    home();
  }, [focus, home]);
  const stopEditing = useCallback(
    (refocus = false) => {
      if (refocus && focus.editing) {
        // The board takes the keys until the card is drawn and can have them.
        home();
        focusCard(focus.editing);
      }
      focus.edit(null);
      desk.editing.endGesture();
    },
    [focus, focusCard, home, desk],
  );
  const onKeyDown = useMemo(
    () => boardKeys({ desk, writable, focus, flow, commands, edit, focusCard, letAllGo }),
    [desk, writable, focus, flow, commands, edit, focusCard, letAllGo],
  );
  return {
    flow,
    tool,
    setTool,
    dialog,
    open,
    said,
    commands,
    edit,
    focusCard,
    stopEditing,
    letAllGo,
    onKeyDown,
  };
}

export type BoardActs = ReturnType<typeof useBoardActs>;

/** What clicks mean, by the tool in hand. */
export function clicksOf({ tool, setTool, commands, flow, edit }: BoardActs, focus: BoardFocus) {
  return {
    onPaneClick: ({ clientX, clientY }: { clientX: number; clientY: number }) => {
      const at = flow.screenToFlowPosition({ x: clientX, y: clientY });
      if (tool.tool === 'card') commands.addCard(tool.kind, at);
      else if (tool.tool === 'frame') commands.addFrame(at);
      if (tool.tool !== 'link') setTool({ tool: 'select' });
      focus.chooseLink(null);
    },
    onNodeClick: (_event: unknown, node: BoardNode) => {
      focus.rove(node.id);
      focus.chooseLink(null);
      if (tool.tool !== 'link' || node.type !== 'card') return;
      if (tool.from === null) setTool({ tool: 'link', from: node.id });
      else {
        commands.connect(tool.from, node.id);
        setTool({ tool: 'select' });
      }
    },
    onEdgeClick: (_event: unknown, link: LinkEdge) => focus.chooseLink(link.id),
    onNodeDoubleClick: (_event: unknown, node: BoardNode) => edit(node.id),
  };
}
