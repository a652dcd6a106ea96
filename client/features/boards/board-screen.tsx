import { IconEye } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';

import { StateScreen } from '#client/ui/states/states.tsx';
import { canWriteSchema } from '#shared/board/document.ts';
import type { BoardId, OperationId } from '#shared/kernel/ids.ts';

import { type BoardSlots, useBoardDesk, useBoardsText } from './board-context.ts';
import styles from './board-screen.module.css';
import { BoardCanvas, type BoardCanvasProps } from './canvas/board-canvas.tsx';
import type { BoardConnection } from './connection/board-connection.ts';
import type { SaveState } from './connection/save-state.ts';
import { Banner, Removed, SaveBanner } from './panels/board-states.tsx';
import { saveUnsaved, useBoardConnection, useLeaveGuard, useSaveState } from './use-board-connection.ts';

export type BoardScreenProps = BoardSlots &
  Pick<BoardCanvasProps, 'handle' | 'onCardSelected'> & {
    readonly operationId: OperationId;
    readonly boardId: BoardId;
    /** What `shared/policy` says of this officer here; the hub decides all the same. */
    readonly canWrite: boolean;
    /** For the room's footer, with `SaveStatus`. */
    readonly onSaveState?: (save: SaveState) => void;
    /** Lies over the top left corner; `BoardTabs` fits. */
    readonly tabs?: ReactNode;
  };

/** A case board, live. Fills the positioned element that it stands in. */
export function BoardScreen(props: BoardScreenProps) {
  const connection = useBoardConnection(props.operationId, props.boardId);
  return (
    <section className={styles.screen}>
      {connection ? <Connected {...props} connection={connection} /> : <Opening />}
      {props.tabs}
    </section>
  );
}

function Connected({ connection, ...props }: BoardScreenProps & { readonly connection: BoardConnection }) {
  const { operationId, boardId, canWrite, onSaveState, handle, onCardSelected } = props;
  const say = useBoardsText();
  const subscribe = useCallback((listener: () => void) => connection.onChange(listener), [connection]);
  const view = useSyncExternalStore(subscribe, () => connection.view);
  const save = useSaveState(connection);
  const desk = useBoardDesk(view);
  const slots = useSlots(props);
  useLeaveGuard(save.unsaved);
  useEffect(() => onSaveState?.(save), [save, onSaveState]);
  const saveFile = () => saveUnsaved(connection, operationId, boardId);
  if (save.state === 'removed') return <Removed save={save} onSaveFile={saveFile} />;
  const known = view.shown && canWriteSchema(view.doc);
  const writable = canWrite && known && save.state !== 'refused';
  return (
    <>
      {desk && view.shown ? (
        <BoardCanvas
          desk={desk}
          slots={slots}
          writable={writable}
          handle={handle}
          onCardSelected={onCardSelected}
        />
      ) : (
        <Opening />
      )}
      <SaveBanner save={save} onSaveFile={saveFile} connection={connection} />
      {view.shown && !writable && save.state !== 'refused' && save.state !== 'offline' && (
        <Banner tone="calm" icon={<IconEye size={16} />}>
          {say(known ? 'readOnly' : 'newerBoard')}
        </Banner>
      )}
    </>
  );
}

function Opening() {
  const say = useBoardsText();
  return (
    <div className={styles.opening} role="status">
      <StateScreen title={say('loading')} />
    </div>
  );
}

function useSlots(props: BoardSlots): BoardSlots {
  const { me, renderRef, personOf, onOpenRef, defaultTlp } = props;
  return useMemo(
    () => ({
      me,
      ...(renderRef && { renderRef }),
      ...(personOf && { personOf }),
      ...(onOpenRef && { onOpenRef }),
      ...(defaultTlp && { defaultTlp }),
    }),
    [me, renderRef, personOf, onOpenRef, defaultTlp],
  );
}
