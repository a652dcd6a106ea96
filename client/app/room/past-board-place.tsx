import { useCallback, useMemo } from 'react';

import { PastBoard } from '#client/features/boards/history/past-board.tsx';
import { useMembers } from '#client/features/operations/use-operations.ts';
import type { BoardId } from '#shared/kernel/ids.ts';
import { can } from '#shared/policy/can.ts';
import { useRoomFacts } from './room-view.ts';

export type PastBoardPlaceProps = {
  readonly boardId: BoardId;
  readonly seq: number;
  readonly at: string;
};

/** The board in a replay. */
export function PastBoardPlace({ boardId, seq, at }: PastBoardPlaceProps) {
  const { operationId, actor, me } = useRoomFacts();
  const members = useMembers(operationId, can(actor, 'people.list'));
  const people = useMemo(
    () => new Map(members.data?.members.map((member) => [String(member.officer), member])),
    [members.data],
  );
  const personOf = useCallback((officer: string) => people.get(officer) ?? null, [people]);
  const moment = useMemo(() => ({ seq, at, record: null }), [seq, at]);
  return (
    <PastBoard operationId={operationId} boardId={boardId} moment={moment} me={me} personOf={personOf} />
  );
}
