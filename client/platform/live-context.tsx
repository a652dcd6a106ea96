import { createContext, useCallback, useContext, useEffect, useRef, useSyncExternalStore } from 'react';

import type { EntryOnWire, PresenceState } from '#shared/contracts/rooms.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { Live } from './live.ts';
import type { LiveRoom } from './live-room.ts';

/** The page's connection; `null` while nobody is signed in. */
export const LiveContext = createContext<Live | null>(null);

/** The operation on screen. */
export const RoomContext = createContext<LiveRoom | null>(null);

export function useLive(): Live {
  const live = useContext(LiveContext);
  invariant(live, 'outside a signed-in page');
  return live;
}

export function useRoom(): LiveRoom {
  const room = useContext(RoomContext);
  invariant(room, 'outside a room');
  return room;
}

/** One fact of the room; the component renders again only when this fact changes. `read` must give the same object for the same state. */
export function useRoomFact<T>(read: (room: LiveRoom) => T): T {
  const room = useRoom();
  return useSyncExternalStore(room.onChange, () => read(room));
}

/** Runs `act` for entries as they arrive; always the newest `act`. */
export function useEntries(act: (entries: readonly EntryOnWire[]) => void): void {
  const room = useRoom();
  const newest = useRef(act);
  useEffect(() => {
    newest.current = act;
  });
  useEffect(() => room.onEntries((entries) => newest.current(entries)), [room]);
}

export function useSayPresence(): (change: Partial<PresenceState>) => void {
  const live = useLive();
  const room = useRoom();
  return useCallback(
    (change) => {
      const next = { ...room.said, ...change };
      const same =
        next.place === room.said.place && next.board === room.said.board && next.typing === room.said.typing;
      if (!same) live.say(room, next);
    },
    [live, room],
  );
}
