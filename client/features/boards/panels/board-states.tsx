import { IconAlertTriangle, IconLock, IconNotes, IconWifiOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { Button } from '#client/ui/controls/button.tsx';
import { StateScreen } from '#client/ui/states/states.tsx';
import { refusals } from '#shared/kernel/refusals.ts';

import { useBoardsText } from '../board-context.ts';
import type { BoardConnection } from '../connection/board-connection.ts';
import type { SaveState } from '../connection/save-state.ts';
import styles from './panels.module.css';

type SaveProps = { readonly save: SaveState; readonly onSaveFile: () => void };

/** For the room's footer: whether what I did is on the record. */
export function SaveStatus({ save }: { readonly save: SaveState }) {
  const say = useBoardsText();
  return (
    <span role="status" className={styles.save} data-state={save.state}>
      <i aria-hidden="true" />
      {wordsOf(save, say)}
    </span>
  );
}

function wordsOf(save: SaveState, say: ReturnType<typeof useBoardsText>): string {
  switch (save.state) {
    case 'connecting':
      return say('connecting');
    case 'saved':
      return say('saved');
    case 'saving':
      return say('saving', { count: save.unsaved });
    case 'offline':
      return save.unsaved === 0 ? say('offline') : say('offlineUnsent', { count: save.unsaved });
    case 'refused':
    case 'removed':
      return refusals[save.code].sentence;
  }
}

/** Over the board when something stands between the officer and the record. */
export function SaveBanner({ save, onSaveFile, connection }: SaveProps & { connection: BoardConnection }) {
  const say = useBoardsText();
  if (save.state === 'offline') {
    return (
      <Banner tone="warn" icon={<IconWifiOff size={16} />}>
        <span>
          {wordsOf(save, say)}
          {save.unsaved > 0 && <small>{say('offlineHint')}</small>}
        </span>
        <Button onClick={() => connection.retryNow()}>{say('tryNow')}</Button>
        {save.unsaved > 0 && <Button onClick={onSaveFile}>{say('saveFile')}</Button>}
      </Banner>
    );
  }
  if (save.state !== 'refused') return null;
  return (
    <Banner tone="bad" icon={<IconAlertTriangle size={16} />}>
      <span>
        {wordsOf(save, say)}
        {save.unsaved > 0 && <small>{say('refusedUnsent', { count: save.unsaved })}</small>}
      </span>
      {save.unsaved > 0 && <Button onClick={onSaveFile}>{say('saveFile')}</Button>}
      {/* A closed operation has nothing to open afresh. */}
      {save.code !== 'operation.closed' && (
        <Button look="primary" onClick={() => connection.startAfresh()}>
          {say('openAfresh')}
        </Button>
      )}
    </Banner>
  );
}

/** In place of the board once access is over. */
export function Removed({ save, onSaveFile }: SaveProps) {
  const say = useBoardsText();
  return (
    <StateScreen
      icon={<IconLock size={26} />}
      title={say('removedTitle')}
      actions={save.unsaved > 0 && <Button onClick={onSaveFile}>{say('saveFile')}</Button>}
    >
      {wordsOf(save, say)} {save.unsaved > 0 && say('refusedUnsent', { count: save.unsaved })}
    </StateScreen>
  );
}

export function EmptyBoard({ writable }: { readonly writable: boolean }) {
  const say = useBoardsText();
  return (
    <div className={styles.empty}>
      <StateScreen icon={<IconNotes size={26} />} title={say('empty')}>
        {say(writable ? 'emptyHint' : 'emptyReading')}
      </StateScreen>
    </div>
  );
}

/** Where banners stand, under the tabs, one below the other. */
export function Notices({ children }: { readonly children: ReactNode }) {
  return <div className={styles.notices}>{children}</div>;
}

type BannerProps = {
  readonly tone: 'warn' | 'bad' | 'calm' | 'past';
  readonly icon: ReactNode;
  readonly children: ReactNode;
};

export function Banner({ tone, icon, children }: BannerProps) {
  return (
    <div className={styles.banner} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      {icon}
      {children}
    </div>
  );
}
