import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { clock } from '#client/platform/clock.ts';

/** Browsers count changes of the address, and the hub answers for each: both follow once the sliders rest. */
const REST = 350;

export type Places<Name extends string> = Readonly<Record<Name, number>>;

export type PlacesHeld<Name extends string> = {
  /** Where the sliders stand. */
  readonly places: Places<Name>;
  /** Where they rest: what the address says, and what is read. */
  readonly rested: Places<Name>;
  readonly go: (name: Name, place: number) => void;
};

type Given<Name extends string> = {
  readonly names: readonly Name[];
  readonly size: number;
  /** Where those stand that the address does not name. */
  readonly usual: (name: Name) => number;
};

/** Places of the record by name, in the order of the record: one that passes the next takes it along. `names` is a constant. */
export function usePlaces<Name extends string>({ names, size, usual }: Given<Name>): PlacesHeld<Name> {
  const [query, setQuery] = useSearchParams();
  const written = names.map((name) => query.get(name)).join(' ');
  const named = ordered(names.map((name) => placeOf(query.get(name), size) ?? clamp(usual(name), size)));
  const [held, setHeld] = useState(named);
  const seen = useRef(written);
  // Somebody followed a link, or went back.
  useEffect(() => {
    if (seen.current === written) return;
    seen.current = written;
    setHeld(named);
  });
  useEffect(() => {
    if (same(held, named)) return;
    return clock.after(REST, () => {
      setQuery(
        (before) => {
          names.forEach((name, at) => {
            before.set(name, String(held[at]));
          });
          seen.current = held.join(' ');
          return before;
        },
        { replace: true },
      );
    });
  });
  const go = useCallback(
    (name: Name, place: number) =>
      setHeld((before) => {
        const moved = names.indexOf(name);
        const to = clamp(place, size);
        return before.map((other, at) =>
          at === moved ? to : at < moved ? Math.min(other, to) : Math.max(other, to),
        );
      }),
    [names, size],
  );
  return { places: byName(names, held), rested: byName(names, named), go };
}

function placeOf(text: string | null, size: number): number | null {
  return text !== null && /^(-1|\d{1,9})$/.test(text) ? clamp(Number(text), size) : null;
}

function clamp(place: number, size: number): number {
  return Math.max(-1, Math.min(size - 1, Math.round(place)));
}

function ordered(places: readonly number[]): readonly number[] {
  return [...places].sort((a, b) => a - b);
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.every((place, at) => place === b[at]);
}

function byName<Name extends string>(names: readonly Name[], places: readonly number[]): Places<Name> {
  return Object.fromEntries(names.map((name, at) => [name, places[at] ?? -1])) as Places<Name>;
}
