import { IconSitemap } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { BoardScreen } from '#client/features/boards/board-screen.tsx';
import { BoardTabs } from '#client/features/boards/panels/board-tabs.tsx';
import { RegisterCard } from '#client/features/indicators/register-card.tsx';
import { useMembers } from '#client/features/operations/use-operations.ts';
import { useSayPresence } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { Card, CardRef } from '#shared/board/card.ts';
import { asId, type BoardId, type IndicatorId } from '#shared/kernel/ids.ts';
import { can } from '#shared/policy/can.ts';
import { appText } from '../text.ts';
import { CreateBoard } from './create-board.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { useRoomActs, useRoomFacts } from './room-view.ts';
import { useSave } from './save-context.tsx';
import { useBoards } from './use-boards.ts';

/** The boards of the operation, one of them on screen. Which one stands in the address. */
export function BoardPlace() {
  const say = useText('app', appText);
  const { operationId, actor } = useRoomFacts();
  const boards = useBoards(operationId);
  const [query, setQuery] = useSearchParams();
  const goal = useGoal(query.get('card'), query.has('history'));
  const [creating, setCreating] = useState(false);
  const mayCreate = can(actor, 'board.create');
  const list = boards.data?.boards ?? [];
  const chosen = list.find((board) => board.id === query.get('board')) ?? list[0];
  const choose = (board: BoardId) => setQuery({ board });
  const create = creating && (
    <CreateBoard
      onClose={() => setCreating(false)}
      onCreated={(board) => {
        setCreating(false);
        choose(board);
      }}
    />
  );
  if (boards.isPending) return <Loading label={say('room.loading')} />;
  if (boards.isError)
    return (
      <Refused
        error={boards.error}
        actions={<Button onClick={() => boards.refetch()}>{say('again')}</Button>}
      />
    );
  if (!chosen)
    return (
      <>
        <NoBoard onCreate={mayCreate ? () => setCreating(true) : null} />
        {create}
      </>
    );
  const onCreate = mayCreate ? { onCreate: () => setCreating(true) } : {};
  return (
    <>
      <OneBoard
        key={chosen.id}
        boardId={chosen.id}
        goal={goal}
        tabs={<BoardTabs boards={list} chosen={chosen.id} onChoose={choose} {...onCreate} />}
      />
      {create}
    </>
  );
}

function NoBoard({ onCreate }: { readonly onCreate: (() => void) | null }) {
  const say = useText('app', appText);
  return (
    <StateScreen
      icon={<IconSitemap size={30} stroke={1.4} />}
      title={say('boards.empty-title')}
      actions={
        onCreate && (
          <Button look="primary" onClick={onCreate}>
            {say('boards.create')}
          </Button>
        )
      }
    >
      {say(onCreate ? 'boards.empty' : 'boards.empty-reader')}
    </StateScreen>
  );
}

/** `visit` tells one going there from the next. */
type Goal = { readonly card: string; readonly history: boolean; readonly visit: string };

/** The card that the address names, from a message or a panel; going there again is a new wish. */
function useGoal(card: string | null, history: boolean): Goal | null {
  const { key: visit } = useLocation();
  return useMemo(() => (card ? { card, history, visit } : null), [card, history, visit]);
}

type OneBoardProps = {
  readonly boardId: BoardId;
  readonly goal: Goal | null;
  readonly tabs: ReactNode;
};

function OneBoard({ boardId, goal, tabs }: OneBoardProps) {
  const { operationId, actor, me } = useRoomFacts();
  const { openIndicator, noteSelected } = useRoomActs();
  const { setSave } = useSave();
  const members = useMembers(operationId, can(actor, 'people.list'));
  const people = useMemo(
    () => new Map(members.data?.members.map((member) => [String(member.officer), member])),
    [members.data],
  );
  usePresenceOn(boardId);
  useEffect(() => () => setSave(null), [setSave]);
  const renderRef = useCallback(
    (ref: CardRef) =>
      ref.kind === 'indicator' ? (
        <RegisterCard operationId={operationId} id={asId<IndicatorId>(ref.id)} />
      ) : null,
    [operationId],
  );
  const onOpenRef = useCallback(
    (ref: CardRef) => {
      if (ref.kind === 'indicator') openIndicator(asId<IndicatorId>(ref.id));
    },
    [openIndicator],
  );
  const onCardSelected = useCallback(
    (selected: Card | null) => {
      if (!selected) return;
      if (selected.ref?.kind === 'indicator') noteSelected({ kind: 'indicator', id: asId(selected.ref.id) });
      else noteSelected({ kind: 'card', card: selected, board: boardId });
    },
    [noteSelected, boardId],
  );
  const personOf = useCallback((officer: string) => people.get(officer) ?? null, [people]);
  return (
    <>
      <BoardScreen
        operationId={operationId}
        boardId={boardId}
        me={me}
        canWrite={can(actor, 'board.edit')}
        renderRef={renderRef}
        onOpenRef={onOpenRef}
        personOf={personOf}
        onSaveState={setSave}
        onCardSelected={onCardSelected}
        goal={goal}
        tabs={tabs}
      />
      <LeaveGuard />
    </>
  );
}

function usePresenceOn(boardId: BoardId): void {
  const sayPresence = useSayPresence();
  useEffect(() => {
    sayPresence({ board: boardId });
    return () => sayPresence({ board: null });
  }, [sayPresence, boardId]);
}
