import { IconDoorExit } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { Link, useOutletContext, useParams } from 'react-router';
import { useOpenOperation } from '#client/features/operations/use-operations.ts';
import { RoomContext, useLive, useRoomFact } from '#client/platform/live-context.tsx';
import type { LiveRoom } from '#client/platform/live-room.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { useText } from '#client/platform/text.ts';
import { buttonClass } from '#client/ui/controls/button.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { Me } from '#shared/contracts/identity.ts';
import type { openOperation } from '#shared/contracts/operations.ts';
import { asId, isId, type OperationId } from '#shared/kernel/ids.ts';
import { MissingPage } from '../broken-page.tsx';
import { FullPage } from '../full-page.tsx';
import { appText } from '../text.ts';
import { RoomLayout } from './room-layout.tsx';
import { type RoomFacts, RoomFactsContext } from './room-view.ts';

type Opened = ReplyOf<typeof openOperation>;

/** One operation: opened through the gate, then followed live until the reader leaves or access ends. */
export function RoomPage() {
  const { operationId } = useParams();
  if (!isId(operationId)) return <MissingPage />;
  return <OpenRoom key={operationId} operationId={asId<OperationId>(operationId)} />;
}

function OpenRoom({ operationId }: { readonly operationId: OperationId }) {
  const say = useText('app', appText);
  const opened = useOpenOperation(operationId);
  const queries = useQueryClient();
  // Nobody keeps what was read here up to date once the room is left.
  useEffect(
    () => () => queries.removeQueries({ queryKey: operationKey(operationId) }),
    [queries, operationId],
  );
  if (opened.isPending) return <Loading label={say('room.loading')} />;
  if (opened.isError)
    return (
      <FullPage>
        <Refused error={opened.error} actions={<BackToOperations />} />
      </FullPage>
    );
  return <EnteredRoom opened={opened.data} operationId={operationId} />;
}

function EnteredRoom({
  opened,
  operationId,
}: {
  readonly opened: Opened;
  readonly operationId: OperationId;
}) {
  const live = useLive();
  const me = useOutletContext<Me>();
  const [room, setRoom] = useState<LiveRoom | null>(null);
  const [first] = useState(opened);
  useEffect(() => {
    const entered = live.enter(operationId, first.asOf, first.aclEpoch);
    setRoom(entered);
    return () => live.leave(entered);
  }, [live, operationId, first]);
  const { operation } = opened;
  const facts = useMemo<RoomFacts>(
    () => ({
      opened,
      operationId,
      me,
      actor: { role: operation.role, desk: me.deskKind, operation: operation.state },
    }),
    [opened, operationId, me, operation.role, operation.state],
  );
  if (!room) return null;
  return (
    <RoomContext value={room}>
      <RoomFactsContext value={facts}>
        <UntilEnded />
      </RoomFactsContext>
    </RoomContext>
  );
}

function UntilEnded() {
  const say = useText('app', appText);
  const status = useRoomFact((room) => room.status);
  const operationId = useRoomFact((room) => room.operationId);
  const queries = useQueryClient();
  const over = status.state === 'ended';
  useEffect(() => {
    if (over) queries.removeQueries({ queryKey: operationKey(operationId) });
  }, [over, queries, operationId]);
  // Then everything is pending again, and the room is entered anew from what is read.
  const restored = status.state === 'restored';
  useEffect(() => {
    if (restored) void queries.resetQueries({ queryKey: operationKey(operationId) });
  }, [restored, queries, operationId]);
  if (status.state !== 'ended') return <RoomLayout />;
  return (
    <FullPage>
      <StateScreen
        icon={<IconDoorExit size={30} stroke={1.4} />}
        title={say('ended.room')}
        actions={<BackToOperations />}
      >
        {say('ended.room-says')}
      </StateScreen>
    </FullPage>
  );
}

function BackToOperations() {
  const say = useText('app', appText);
  return (
    <Link className={buttonClass} to="/">
      {say('to-operations')}
    </Link>
  );
}
