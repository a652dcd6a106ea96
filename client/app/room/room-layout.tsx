import { IconWifiOff } from '@tabler/icons-react';
import { lazy, Suspense, useEffect } from 'react';
import { Outlet } from 'react-router';

import { useChatLive, useUnread } from '#client/features/chat/use-chat.ts';
import { useRegisterLive } from '#client/features/indicators/use-indicators.ts';
import { StateStrip } from '#client/features/operations/lifecycle/state-strip.tsx';
import { useOperationLive } from '#client/features/operations/use-operations.ts';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import { utcTime } from '#client/platform/time.ts';
import { Strip } from '#client/ui/states/states.tsx';
import { isoTime } from '#shared/kernel/clock.ts';
import { appText } from '../text.ts';
import { RoomFooter } from './room-footer.tsx';
import { RoomHeader } from './room-header.tsx';
import styles from './room-layout.module.css';
import { RoomRail } from './room-rail.tsx';
import { RoomUi } from './room-ui.tsx';
import { useRecordRoom, useRoomFacts } from './room-view.ts';
import { SaveProvider } from './save-context.tsx';
import { useBoardsLive } from './use-boards.ts';

const RecordAlarm = lazy(async () => ({
  default: (await import('#client/features/review/witnesses/record-alarm.tsx')).RecordAlarm,
}));

const ReceiptAlarm = lazy(async () => ({
  default: (await import('#client/features/review/receipts/receipt-alarm.tsx')).ReceiptAlarm,
}));

const HubReceiptAlarm = lazy(async () => ({
  default: (await import('#client/features/review/receipts/hub-receipt-alarm.tsx')).HubReceiptAlarm,
}));

/** The frame of the room: header above, places on the left, the truth below, one place in the middle. */
export function RoomLayout() {
  return (
    <RoomUi>
      <LiveCaches />
      <SaveProvider>
        <div className={styles.room}>
          <RoomHeader />
          <RoomRail />
          <div className={styles.middle}>
            <InDoubt />
            <Promises />
            <Strips />
            <div className={styles.place}>
              <Outlet />
            </div>
          </div>
          <RoomFooter />
        </div>
      </SaveProvider>
    </RoomUi>
  );
}

/** Keeps every cache of the operation as the record has it, and says in the window's title what waits. */
function LiveCaches() {
  const { operationId, opened, me } = useRoomFacts();
  useOperationLive(operationId);
  useChatLive(operationId);
  useRegisterLive(operationId);
  useBoardsLive(operationId);
  const unread = useUnread(operationId, me.officer);
  const { name } = opened.operation;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${name} · Muster`;
    return () => {
      document.title = 'Muster';
    };
  }, [unread, name]);
  return null;
}

function InDoubt() {
  const record = useRecordRoom();
  return (
    <Suspense>
      <RecordAlarm room={record} />
    </Suspense>
  );
}

/** Checked all the time the room is open; on screen only when a promise is broken. */
function Promises() {
  const { operationId, opened } = useRoomFacts();
  return (
    <Suspense>
      <HubReceiptAlarm />
      <ReceiptAlarm operationId={operationId} origin={opened.origin} />
    </Suspense>
  );
}

function Strips() {
  const say = useText('app', appText);
  const { actor } = useRoomFacts();
  const status = useRoomFact((room) => room.status);
  if (status.state === 'offline')
    return (
      <Strip icon={<IconWifiOff size={15} />}>
        {say('room.offline', { time: `${utcTime(isoTime(status.since))} UTC` })}
      </Strip>
    );
  return <StateStrip state={actor.operation} />;
}
