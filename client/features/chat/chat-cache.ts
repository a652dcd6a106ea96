import { type Message, message } from '#shared/contracts/chat.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';

/** What the page holds of the chat: an unbroken stretch up to the newest message, in order. */
export type Chat = {
  readonly asOf: number;
  readonly messages: readonly Message[];
  readonly more: boolean;
  readonly readUpTo: number;
};

const chatKinds = new Set(['message.posted', 'message.edited', 'message.withdrawn']);

/** The chat after these entries. Entries that the reading already contained change nothing. */
export function withEntries(chat: Chat, entries: readonly EntryOnWire[]): Chat {
  let next = chat;
  for (const entry of entries) {
    if (entry.seq < chat.asOf || entry.outcome !== 'ok' || !chatKinds.has(entry.kind)) continue;
    const said = messageOf(next, entry);
    if (said) next = withMessage(next, said);
  }
  return next;
}

/** An entry cannot state its own place, so its content leaves `seq` out: a posting stands where its entry stands. */
const content = message.omit({ seq: true });

function messageOf(chat: Chat, entry: EntryOnWire): Message | null {
  const said = content.safeParse(entry.body);
  if (!said.success) return null;
  const held = chat.messages.find((each) => each.id === said.data.id);
  const seq = entry.kind === 'message.posted' ? entry.seq : held?.seq;
  return seq === undefined ? null : { ...said.data, seq };
}

/** An edit of a message older than the stretch is left out: the stretch brings it when it grows. */
export function withMessage(chat: Chat, said: Message): Chat {
  const at = chat.messages.findIndex((each) => each.id === said.id);
  if (at >= 0) return { ...chat, messages: chat.messages.with(at, said) };
  const oldest = chat.messages[0];
  if (oldest && said.seq < oldest.seq && chat.more) return chat;
  return { ...chat, messages: [...chat.messages, said].sort((a, b) => a.seq - b.seq) };
}

export function withOlder(chat: Chat, page: { messages: readonly Message[]; more: boolean }): Chat {
  const known = new Set(chat.messages.map((each) => each.id));
  const older = page.messages.filter((each) => !known.has(each.id));
  return { ...chat, messages: [...older, ...chat.messages].sort((a, b) => a.seq - b.seq), more: page.more };
}

/** Messages of others that the reader has not come to yet. */
export function unreadOf(chat: Chat, me: string): number {
  return chat.messages.filter((each) => isUnread(each, chat.readUpTo, me)).length;
}

export function isUnread(said: Message, readUpTo: number, me: string): boolean {
  return said.seq >= readUpTo && said.author.officer !== me && said.text !== null;
}
