import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { operationKey } from '#client/platform/query-client.ts';
import type { Person } from '#shared/contracts/common.ts';
import type { ChatSlots, Offer } from './slots.ts';

export type Choice =
  | { readonly kind: 'person'; readonly key: string; readonly person: Person }
  | { readonly kind: 'offer'; readonly key: string; readonly offer: Offer };

type Asked = { readonly sign: '@' | '#'; readonly text: string; readonly from: number };

/** What is being asked for just before the caret: `@ta` or `#mas`. */
export function askedAt(text: string, caret: number): Asked | null {
  const found = /(?:^|\s)([@#])([\w.\-[\]]{0,60})$/.exec(text.slice(0, caret));
  if (!found) return null;
  const word = found[2] ?? '';
  return { sign: found[1] === '@' ? '@' : '#', text: word, from: caret - word.length - 1 };
}

/** Choices for what is asked, and the keys that move among them. `asked` null means that nothing is offered. */
export function usePicker(slots: ChatSlots, asked: Asked | null, onPick: (choice: Choice) => void) {
  const [at, setAt] = useState(0);
  const wanted = asked?.sign === '#' ? asked.text : null;
  const offers = useQuery({
    queryKey: operationKey(slots.operationId, 'offers', wanted),
    queryFn: () => slots.findOffers(wanted ?? ''),
    enabled: wanted !== null,
    staleTime: 10_000,
    placeholderData: (before) => before,
  });
  const choices = choicesOf(slots, asked, offers.data ?? []);
  const chosen = Math.min(at, Math.max(0, choices.length - 1));
  const onKey = (event: KeyboardEvent): boolean => {
    if (!asked || choices.length === 0) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt((chosen + step + choices.length) % choices.length);
    const choice = choices[chosen];
    const picks = event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey);
    if (picks && choice) {
      onPick(choice);
      setAt(0);
    }
    if (step === 0 && !picks) return false;
    event.preventDefault();
    return true;
  };
  return { choices, chosen, onKey };
}

function choicesOf(slots: ChatSlots, asked: Asked | null, offers: readonly Offer[]): readonly Choice[] {
  if (!asked) return [];
  if (asked.sign === '#') {
    return offers.slice(0, 8).map((offer) => ({ kind: 'offer', key: offer.reference.id, offer }));
  }
  const text = asked.text.toLowerCase();
  return slots.people
    .filter((person) => person.officer !== slots.me)
    .filter(
      (person) =>
        person.handle.toLowerCase().startsWith(text) ||
        person.name
          .toLowerCase()
          .split(' ')
          .some((word) => word.startsWith(text)) ||
        person.country.toLowerCase() === text,
    )
    .slice(0, 8)
    .map((person) => ({ kind: 'person', key: person.officer, person }));
}
