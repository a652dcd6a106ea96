import { lazy, useCallback, useEffect } from 'react';
import { useMembers } from '#client/features/operations/use-operations.ts';
import { ReviewScreen } from '#client/features/review/review-screen.tsx';
import { useSayPresence } from '#client/platform/live-context.tsx';
import { can } from '#shared/policy/can.ts';
import { MissingPage } from '../broken-page.tsx';
import { Part } from './part.tsx';
import type { PastBoardPlaceProps } from './past-board-place.tsx';
import { useRoomFacts } from './room-view.ts';

const PastBoardPlace = lazy(async () => ({
  default: (await import('./past-board-place.tsx')).PastBoardPlace,
}));

export function ReviewPlace() {
  const { operationId, opened, actor, me } = useRoomFacts();
  const members = useMembers(operationId, can(actor, 'people.list'));
  const sayPresence = useSayPresence();
  useEffect(() => {
    sayPresence({ place: 'review' });
    return () => sayPresence({ place: 'board' });
  }, [sayPresence]);
  const renderBoard = useCallback(
    (board: PastBoardPlaceProps) => (
      <Part>
        <PastBoardPlace {...board} />
      </Part>
    ),
    [],
  );
  if (!can(actor, 'record.review')) return <MissingPage />;
  return (
    <ReviewScreen
      operationId={operationId}
      name={opened.operation.name}
      origin={opened.origin}
      compartments={opened.compartments}
      people={members.data?.members ?? []}
      renderBoard={renderBoard}
      mayExport={can(actor, 'record.export')}
      mayFind={can(actor, 'record.find')}
      officer={me.officer}
    />
  );
}
