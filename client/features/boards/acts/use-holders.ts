import { useSyncExternalStore } from 'react';

import type { BoardDesk } from '../board-context.ts';
import type { Other } from '../model/presence.ts';

export function useHolders(desk: BoardDesk): ReadonlyMap<string, Other> {
  return useSyncExternalStore(desk.presence.subscribe, desk.presence.holders);
}

export function useTypists(desk: BoardDesk): ReadonlyMap<string, Other> {
  return useSyncExternalStore(desk.presence.subscribe, desk.presence.typists);
}
