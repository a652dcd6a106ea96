import { IconEye } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';

import { StateScreen } from '#client/ui/states/states.tsx';
import type { Card } from '#shared/board/card.ts';
import { canWriteSchema } from '#shared/board/document.ts';
import type { BoardId, OperationId } from '#shared/kernel/ids.ts';

import {
  type BoardDesk,
  BoardPlaceContext,
  type BoardSlots,
  useBoardDesk,
  useBoardsText,
} from './board-context.ts';
import styles from './board-screen.module.css';
import { BoardCanvas, type Goal } from './canvas/board-canvas.tsx';
import type { BoardConnection } from './connection/board-connection.ts';
import type { SaveState } from './connection/save-state.ts';
import { HistoryDrawer } from './history/history-drawer.tsx';
import { PastBar } from './history/past-bar.tsx';
import { type HistoryView, useHistoryView } from './history/use-history-view.ts';
import { Banner, Notices, Removed, SaveBanner } from './panels/board-states.tsx';
import { LostEdits } from './panels/lost-edits.tsx';
import {
  saveLost,
  saveUnsaved,
  useBoardConnection,
  useLeaveGuard,
  useLostEdits,
  useSaveState,
} from './use-board-connection.ts';

export type BoardScreenProps = BoardSlots & {
  readonly operationId: OperationId;
  readonly boardId: BoardId;
  /** What `shared/policy` says of this officer here; the hub decides all the same. */
  readonly canWrite: boolean;
  /** Called with the one selected card, or `null`. */
  readonly onCardSelected?: (card: Card | null) => void;
  /** A card to go to, with its history if wanted. A new object is a new wish. */
  readonly goal?: (Goal & { readonly history: boolean }) | null;
  /** For the room's footer, with `SaveStatus`. */
  readonly onSaveState?: (save: SaveState) => void;
  /** Lies over the top left corner; `BoardTabs` fits. */
  readonly tabs?: ReactNode;
};

/** A case board, live. Fills the positioned element that it stands in. */
export function BoardScreen(props: BoardScreenProps) {
  const connection = useBoardConnection(props.operationId, props.boardId, props.me.officer);
  return (
    <section className={styles.screen}>
      {connection ? <Connected {...props} connection={connection} /> : <Opening />}
      {props.tabs}
    </section>
  );
}

type ConnectedProps = BoardScreenProps & { readonly connection: BoardConnection };

function Connected({ connection, ...props }: ConnectedProps) {
  const { operationId, boardId, canWrite, onSaveState } = props;
  const subscribe = useCallback((listener: () => void) => connection.onChange(listener), [connection]);
  const view = useSyncExternalStore(subscribe, () => connection.view);
  const save = useSaveState(connection);
  const desk = useBoardDesk(view);
  const history = useHistoryView(operationId, boardId);
  const lost = useLostEdits(connection, view, desk);
  useLeaveGuard(save.unsaved + lost.length);
  useEffect(() => onSaveState?.(save), [save, onSaveState]);
  const saveFile = () => saveUnsaved(connection, operationId, boardId);
  if (save.state === 'removed') return <Removed save={save} onSaveFile={saveFile} />;
  if (!desk || !view.shown) return <Opening />;
  const known = canWriteSchema(view.doc);
  const writable = canWrite && known && save.state !== 'refused';
  const quiet = save.state !== 'refused' && save.state !== 'offline' && history.past.state === 'live';
  return (
    <BoardPlaceContext value={props}>
      <div className={styles.main}>
        <Canvas {...props} desk={desk} writable={writable} history={history} />
        <Notices>
          <SaveBanner save={save} onSaveFile={saveFile} connection={connection} />
          <LostEdits
            edits={lost}
            live={writable ? desk : null}
            titleOf={(id) => titleOn(desk, id)}
            onSaveFile={() => saveLost(lost, operationId, boardId)}
            onDrop={() => connection.dropLost()}
          />
          <PastBar view={history} live={writable ? desk : null} />
          <ReadOnly shown={quiet && !writable} known={known} />
        </Notices>
      </div>
      {history.open && <History {...props} desk={desk} history={history} />}
    </BoardPlaceContext>
  );
}

type WithHistory = BoardScreenProps & { readonly desk: BoardDesk; readonly history: HistoryView };

/** The live board, or in its place, with the same view and selection, the board as it stood. */
function Canvas(props: WithHistory & { readonly writable: boolean }) {
  const { desk, history, writable, goal, onCardSelected } = props;
  const { past, openAbout, noteSelected } = history;
  const slots = useSlots(props);
  const live = past.state === 'live';
  useEffect(() => {
    if (!live) desk.presence.say({ cursor: null, selection: [] });
  }, [live, desk]);
  useEffect(() => {
    if (goal?.history) openAbout(goal.card);
  }, [goal, openAbout]);
  const onSelected = useCallback(
    (id: string | null, card: Card | null) => {
      noteSelected(id);
      // The rest of the room speaks of cards as they are.
      if (live) onCardSelected?.(card);
    },
    [live, noteSelected, onCardSelected],
  );
  const shown = live ? null : past.desk;
  const glance = past.state === 'shown' ? past.moment.record : null;
  return (
    <BoardCanvas
      desk={shown ?? desk}
      slots={slots}
      writable={writable && live}
      past={shown !== null}
      history={history}
      goal={goal}
      glance={glance}
      onSelected={onSelected}
    />
  );
}

function History({ operationId, boardId, desk, history }: WithHistory) {
  const { past } = history;
  const then = past.state === 'live' ? null : past.desk;
  const titleOf = useCallback(
    (id: string) => titleOn(desk, id) || (then ? titleOn(then, id) : ''),
    [desk, then],
  );
  return <HistoryDrawer operationId={operationId} boardId={boardId} view={history} titleOf={titleOf} />;
}

function titleOn({ store }: BoardDesk, id: string): string {
  const { cards, frames } = store.snapshot();
  const card = cards.get(id);
  return card ? card.title || card.text.slice(0, 40) : (frames.get(id)?.title ?? '');
}

function ReadOnly({ shown, known }: { readonly shown: boolean; readonly known: boolean }) {
  const say = useBoardsText();
  if (!shown) return null;
  return (
    <Banner tone="calm" icon={<IconEye size={16} />}>
      {say(known ? 'readOnly' : 'newerBoard')}
    </Banner>
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
