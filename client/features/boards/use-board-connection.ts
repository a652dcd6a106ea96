import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

import { clock, randomBytes } from '#client/platform/clock.ts';
import { saveFile } from '#client/platform/save-file.ts';
import { isoTime } from '#shared/kernel/clock.ts';

import { BoardConnection } from './connection/board-connection.ts';
import type { SaveState } from './connection/save-state.ts';

const openSocket = (url: string, protocols: string[]) => new WebSocket(url, protocols);

/** Open while the component is there. */
export function useBoardConnection(operationId: string, boardId: string): BoardConnection | null {
  const [connection, setConnection] = useState<BoardConnection | null>(null);
  useEffect(() => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const url = `${scheme}://${location.host}/y/${operationId}/${boardId}`;
    const made = new BoardConnection({ url, clock, random: { bytes: randomBytes }, openSocket });
    const retry = () => made.retryNow();
    // The browser knows at once; the silence of a dead line takes half a minute to notice.
    const lost = () => made.lineLost();
    window.addEventListener('online', retry);
    window.addEventListener('offline', lost);
    setConnection(made);
    return () => {
      window.removeEventListener('online', retry);
      window.removeEventListener('offline', lost);
      setConnection(null);
      made.leave();
    };
  }, [operationId, boardId]);
  return connection;
}

export function useSaveState(connection: BoardConnection): SaveState {
  const subscribe = useCallback((listener: () => void) => connection.onChange(listener), [connection]);
  return useSyncExternalStore(subscribe, () => connection.saveState);
}

/** The browser asks before the page is left while edits are unsaved. */
export function useLeaveGuard(unsaved: number): void {
  useEffect(() => {
    if (unsaved === 0) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [unsaved]);
}

/** Hands the unsaved edits to the person, readable and complete. */
export function saveUnsaved(connection: BoardConnection, operationId: string, boardId: string): void {
  const savedAt = isoTime(clock.now());
  const content = {
    what: 'Edits of a Muster case board that are not on the record',
    operationId,
    boardId,
    savedAt,
    ...connection.describeUnsaved(),
  };
  const blob = new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' });
  saveFile(blob, `unsent-edits-${savedAt.slice(0, 19).replaceAll(':', '')}.json`);
}
