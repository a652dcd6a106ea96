import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { api } from '#client/platform/api.ts';
import { useRoom } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import type { Person } from '#shared/contracts/common.ts';
import { type RoomThen, readRoomAt, readSteps } from '#shared/contracts/review-replay.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import type { Opening } from '../use-review.ts';
import { Tape } from './tape.ts';

/** How much of chat and register is on screen. */
const WINDOW = { messages: 80, indicators: 80 };

/** The record of an opening, fetched ahead; anew when the reader's rights change. `null` for a moment. */
export function useTape(operationId: OperationId, opening: Opening): Tape | null {
  const room = useRoom();
  const [tape, setTape] = useState<Tape | null>(null);
  const { reading, size } = opening;
  useEffect(() => {
    const make = () => {
      const made = new Tape(size, (from, to) =>
        api(readSteps, { operationId, reading, from, to, limit: Math.min(1000, to - from) }),
      );
      setTape(made);
      void made.loadAll();
      return made;
    };
    let held = make();
    const endWatch = room.onEpoch(() => {
      held.close();
      held = make();
    });
    return () => {
      endWatch();
      held.close();
    };
  }, [room, operationId, reading, size]);
  return tape;
}

/** A tape with its content: another object whenever the tape has grown. */
type Grown = { readonly tape: Tape; readonly version: number };

export function useGrown(tape: Tape): Grown {
  const version = useSyncExternalStore(tape.subscribe, tape.version);
  return useMemo(() => ({ tape, version }), [tape, version]);
}

export type Then = {
  readonly room: RoomThen;
  readonly people: ReadonlyMap<string, Pick<Person, 'officer' | 'name' | 'country' | 'desk'>>;
};

type Standing =
  | { readonly state: 'shown'; readonly held: Then }
  /** `held` is of the moment before, if there was one. */
  | { readonly state: 'reading'; readonly held: Then | null }
  | { readonly state: 'failed'; readonly error: unknown; readonly again: () => void };

/** The room as it stood: rebuilt here where the whole record is at hand, asked of the hub where it is not. */
export function useRoomThen(
  operationId: OperationId,
  { reading, tape, position }: { readonly reading: number; readonly tape: Tape; readonly position: number },
): Standing {
  const grown = useGrown(tape);
  const own = useMemo(() => grown.tape.roomAt(position)?.view(WINDOW) ?? null, [grown, position]);
  const asked = useQuery({
    queryKey: operationKey(operationId, 'room-at', reading, position),
    queryFn: ({ signal }) => api(readRoomAt, { operationId, reading, seq: position, ...WINDOW }, { signal }),
    enabled: own === null,
    placeholderData: (before) => before,
    gcTime: 30_000,
  });
  if (own !== null) return { state: 'shown', held: { room: own, people: tape.people } };
  if (asked.isError) return { state: 'failed', error: asked.error, again: () => void asked.refetch() };
  if (asked.data === undefined) return { state: 'reading', held: null };
  const people = new Map(asked.data.people.map((person) => [`${person.officer}`, person]));
  const held = { room: asked.data.room, people };
  return { state: asked.isPlaceholderData ? 'reading' : 'shown', held };
}
