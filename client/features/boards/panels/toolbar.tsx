import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowNarrowRight,
  IconDots,
  IconHistory,
  IconKeyboard,
  IconMaximize,
  IconPointer,
  IconSquareDashed,
} from '@tabler/icons-react';
import { type ReactNode, useSyncExternalStore } from 'react';

import { classes } from '#client/ui/classes.ts';
import { KindIcon } from '#client/ui/item/kind-icon.tsx';
import type { CardKind } from '#shared/board/card.ts';
import type { BoardCommands } from '../acts/use-commands.ts';
import { useBoard, useBoardsText } from '../board-context.ts';
import styles from './panels.module.css';

/** What a click on the board does. */
export type Tool =
  | { readonly tool: 'select' | 'frame' }
  | { readonly tool: 'card'; readonly kind: CardKind }
  | { readonly tool: 'link'; readonly from: string | null };

const inReach: readonly CardKind[] = ['note', 'person', 'organisation', 'account'];

type ToolbarProps = {
  readonly tool: Tool;
  readonly setTool: (tool: Tool) => void;
  readonly commands: BoardCommands;
  /** Whether it is open; `null` where there is none to open. */
  readonly history: boolean | null;
};

export function Toolbar({ tool, setTool, commands, history }: ToolbarProps) {
  const { writable } = useBoard();
  const say = useBoardsText();
  const size = 17;
  return (
    <div className={styles.tools} role="toolbar" aria-label={say('tools')}>
      {writable && (
        <>
          <ToolButton
            label={say('toolSelect')}
            on={tool.tool === 'select'}
            act={() => setTool({ tool: 'select' })}
          >
            <IconPointer size={size} />
          </ToolButton>
          {inReach.map((kind) => (
            <ToolButton
              key={kind}
              label={say('toolAdd', { kind: say(`kind_${kind}`) })}
              on={tool.tool === 'card' && tool.kind === kind}
              act={() => setTool({ tool: 'card', kind })}
            >
              <KindIcon kind={kind} size={size} />
            </ToolButton>
          ))}
          <ToolButton label={say('toolMore')} act={() => commands.open({ open: 'new-card' })}>
            <IconDots size={size} />
          </ToolButton>
          <ToolButton label={say('toolFrame')} on={tool.tool === 'frame'} act={commands.frame}>
            <IconSquareDashed size={size} />
          </ToolButton>
          <ToolButton
            label={say('toolLink')}
            on={tool.tool === 'link'}
            act={() => setTool({ tool: 'link', from: null })}
          >
            <IconArrowNarrowRight size={size} />
          </ToolButton>
          <i className={styles.rule} />
          <UndoButtons />
        </>
      )}
      <ToolButton label={say('fit')} act={commands.fit}>
        <IconMaximize size={size} />
      </ToolButton>
      {history !== null && (
        <ToolButton label={say('toolHistory')} on={history} act={commands.history}>
          <IconHistory size={size} />
        </ToolButton>
      )}
      <ToolButton label={say('help')} act={() => commands.open({ open: 'keys' })}>
        <IconKeyboard size={size} />
      </ToolButton>
    </div>
  );
}

function UndoButtons() {
  const { desk } = useBoard();
  const { editing } = desk;
  const say = useBoardsText();
  const canUndo = useSyncExternalStore(editing.onChange, () => editing.canUndo);
  const canRedo = useSyncExternalStore(editing.onChange, () => editing.canRedo);
  return (
    <>
      <ToolButton label={say('undo')} off={!canUndo} act={() => editing.undo()}>
        <IconArrowBackUp size={17} />
      </ToolButton>
      <ToolButton label={say('redo')} off={!canRedo} act={() => editing.redo()}>
        <IconArrowForwardUp size={17} />
      </ToolButton>
    </>
  );
}

type ToolButtonProps = {
  readonly label: string;
  readonly on?: boolean;
  readonly off?: boolean;
  readonly act: () => void;
  readonly children: ReactNode;
};

function ToolButton({ label, on, off, act, children }: ToolButtonProps) {
  return (
    <button
      type="button"
      className={classes(styles.tool, on && styles.on)}
      title={label}
      aria-label={label}
      aria-pressed={on}
      disabled={off}
      onClick={act}
    >
      {children}
    </button>
  );
}
