import { utcDay } from '#client/platform/time.ts';
import type { Message } from '#shared/contracts/chat.ts';
import { isUnread } from './chat-cache.ts';

/** A line of the list. `follows`: by the same officer under the same marking, minutes after the one before. */
export type ListItem =
  | { readonly kind: 'day'; readonly key: string; readonly day: string }
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'message'; readonly key: string; readonly message: Message; readonly follows: boolean };

const TOGETHER = 4 * 60_000;

/** `readUpTo` is where the reader was when the panel opened, so that the line does not move while reading. */
export function listItems(messages: readonly Message[], readUpTo: number, me: string): readonly ListItem[] {
  const items: ListItem[] = [];
  let before: Message | null = null;
  let marked = false;
  for (const message of messages) {
    const day = message.postedAt.slice(0, 10);
    const newDay = before?.postedAt.slice(0, 10) !== day;
    if (newDay) items.push({ kind: 'day', key: day, day: utcDay(message.postedAt) });
    const newHere: boolean = !marked && isUnread(message, readUpTo, me);
    if (newHere) items.push({ kind: 'new', key: 'new' });
    marked ||= newHere;
    const follows = !newDay && !newHere && before !== null && together(before, message);
    items.push({ kind: 'message', key: message.id, message, follows });
    before = message;
  }
  return items;
}

function together(a: Message, b: Message): boolean {
  return (
    a.author.officer === b.author.officer &&
    a.handling.tlp === b.handling.tlp &&
    a.compartment === b.compartment &&
    b.replyTo === null &&
    a.text !== null &&
    Date.parse(b.postedAt) - Date.parse(a.postedAt) < TOGETHER
  );
}
