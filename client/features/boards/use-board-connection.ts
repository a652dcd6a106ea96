import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

import { clock, randomBytes } from '#client/platform/clock.ts';
import { tellReceipts } from '#client/platform/receipts.ts';
import { saveFile } from '#client/platform/save-file.ts';
import { sessionNow } from '#client/platform/session-end.ts';
import { isoTime } from '#shared/kernel/clock.ts';

import type { BoardDesk } from './board-context.ts';
import { BoardConnection } from './connection/board-connection.ts';
import type { BoardView } from './connection/board-view.ts';
import type { LostEdit } from './connection/lost-edits.ts';
import { park, unpark } from './connection/parked.ts';
import type { SaveState } from './connection/save-state.ts';

const openSocket = (url: string, protocols: string[]) => new WebSocket(url, protocols);

/** Open while the component is there; kept for a while when it goes, in case its officer comes back. [CB-33] */
export function useBoardConnection(
  operationId: string,
  boardId: string,
  officer: string,
): BoardConnection | null {
  const [connection, setConnection] = useState<BoardConnection | null>(null);
  useEffect(() => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const url = `${scheme}://${location.host}/y/${operationId}/${boardId}`;
    const heardReceipt = (note: string) => tellReceipts([note]);
    const random = { bytes: randomBytes };
    const made =
      unpark(url, officer) ?? new BoardConnection({ url, clock, random, openSocket, heardReceipt });
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
      if (sessionNow() === 'out') made.leave();
      else park(url, officer, made);
    };
  }, [operationId, boardId, officer]);
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

/** What was made here before the record was restored and is not on the board, from moment to moment. */
export function useLostEdits(connection: BoardConnection, view: BoardView, desk: BoardDesk | null) {
  const [edits, setEdits] = useState<readonly LostEdit[]>(none);
  const { aside, shown } = view;
  useEffect(() => {
    if (!desk || !aside || !shown) return setEdits(none);
    const read = () => setEdits(connection.lostEdits());
    read();
    return desk.store.subscribe(read);
  }, [connection, desk, aside, shown]);
  return edits;
}

const none: readonly LostEdit[] = [];

/** Hands them to the person, each with the board as it is now and as it was here. */
export function saveLost(edits: readonly LostEdit[], operationId: string, boardId: string): void {
  const savedAt = isoTime(clock.now());
  const content = {
    what: 'Edits of a Muster case board, made before its record was restored from a backup and not on it',
    operationId,
    boardId,
    savedAt,
    edits: edits.map(({ record, id, mine, wanted, changes }) => ({
      record,
      id,
      mine,
      wanted,
      changes: changes.map(({ what, field, before, after }) => ({
        what,
        field,
        onBoard: before,
        here: after,
      })),
    })),
  };
  const blob = new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' });
  saveFile(blob, `lost-edits-${savedAt.slice(0, 19).replaceAll(':', '')}.json`);
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
