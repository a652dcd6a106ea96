import { IconDoorExit } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { Link, useOutletContext, useParams } from 'react-router';
import { ShelvedScreen } from '#client/features/operations/lifecycle/shelved-screen.tsx';
import { useOpenOperation } from '#client/features/operations/use-operations.ts';
import { failureOf } from '#client/platform/failure.ts';
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
import { endsReading } from '#shared/policy/lifecycle.ts';
import { MissingPage } from '../broken-page.tsx';
import { FullPage } from '../full-page.tsx';
import { PageFrame } from '../page-shell.tsx';
import { appText } from '../text.ts';
import { RoomLayout } from './room-layout.tsx';
import { type RoomFacts, RoomFactsContext } from './room-view.ts';

type Opened = ReplyOf<typeof openOperation>;

/** One operation: opened through the gate, then followed live until the reader leaves or access ends. */
export function RoomPage() {
  const { operationId } = useParams();
  const [visit, setVisit] = useState(0);
  if (!isId(operationId)) return <MissingPage />;
  return (
    <OpenRoom
      key={`${operationId} ${visit}`}
      operationId={asId<OperationId>(operationId)}
      onAgain={() => setVisit(visit + 1)}
    />
  );
}

type OpenRoomProps = { readonly operationId: OperationId; readonly onAgain: () => void };

function OpenRoom({ operationId, onAgain }: OpenRoomProps) {
  const say = useText('app', appText);
  const opened = useOpenOperation(operationId);
  const queries = useQueryClient();
  // Nobody keeps what was read here up to date once the room is left.
  useEffect(
    () => () => queries.removeQueries({ queryKey: operationKey(operationId) }),
    [queries, operationId],
  );
  if (opened.isPending) return <Loading label={say('room.loading')} />;
  if (opened.isError && endsReading(failureOf(opened.error).code ?? ''))
    return <ShelvedPage operationId={operationId} onRead={onAgain} />;
  if (opened.isError)
    return (
      <FullPage>
        <Refused error={opened.error} actions={<BackToOperations />} />
      </FullPage>
    );
  return <EnteredRoom opened={opened.data} operationId={operationId} onAgain={onAgain} />;
}

function EnteredRoom({ opened, operationId, onAgain }: OpenRoomProps & { readonly opened: Opened }) {
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
      // Whoever has an archived operation open has said why.
      actor: { role: operation.role, desk: me.deskKind, operation: operation.state, purposeStated: true },
    }),
    [opened, operationId, me, operation.role, operation.state],
  );
  if (!room) return null;
  return (
    <RoomContext value={room}>
      <RoomFactsContext value={facts}>
        <UntilEnded onAgain={onAgain} />
      </RoomFactsContext>
    </RoomContext>
  );
}

function UntilEnded({ onAgain }: { readonly onAgain: () => void }) {
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
  if (endsReading(status.ending.code))
    return <ShelvedPage operationId={asId<OperationId>(operationId)} onRead={onAgain} />;
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

/** The operation is archived or purged: what stands in its place has the frame of the pages outside rooms. */
function ShelvedPage({
  operationId,
  onRead,
}: {
  readonly operationId: OperationId;
  readonly onRead: () => void;
}) {
  const queries = useQueryClient();
  const me = useOutletContext<Me>();
  const read = () => {
    queries.removeQueries({ queryKey: operationKey(operationId) });
    onRead();
  };
  return (
    <PageFrame me={me}>
      <ShelvedScreen operationId={operationId} me={me} onRead={read} />
    </PageFrame>
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
