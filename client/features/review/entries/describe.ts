import { z } from 'zod';
import type { Say } from '#client/platform/text.ts';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import type { reviewText } from '../text.ts';

/** What was done, as the end of a sentence that begins with who. */
export function actOf(entry: EntryOnWire, say: Say<typeof reviewText>): string {
  return isEventKind(entry.kind) ? say(`kind.${entry.kind}`) : entry.kind;
}

export function actorOf(entry: EntryOnWire, say: Say<typeof reviewText>): string {
  if (entry.by) return entry.by.name;
  if (entry.byKind === 'hub') return say('by.hub');
  return say(entry.byKind === 'anonymous' ? 'by.anonymous' : 'by.unknown');
}

const told = z.looseObject({
  text: z.string().nullish(),
  display: z.string().nullish(),
  name: z.string().nullish(),
  title: z.string().nullish(),
  reason: z.string().nullish(),
  purpose: z.string().nullish(),
  rule: z.string().nullish(),
  code: z.string().nullish(),
  format: z.string().nullish(),
  fileName: z.string().nullish(),
  written: z.number().nullish(),
  member: z.looseObject({ name: z.string() }).nullish(),
});

/** The few words of the content that tell entries apart in a list. Shown as text, never as a link. */
export function gistOf(entry: Pick<EntryOnWire, 'body'>): string {
  const body = told.safeParse(entry.body);
  if (!body.success) return '';
  const { text, display, title, member, name, fileName, written, reason, purpose, rule, code, format } =
    body.data;
  const parts = [
    text ?? display ?? title ?? member?.name ?? name,
    fileName ?? format,
    reason ?? purpose,
    rule ?? code,
  ];
  if (typeof written === 'number') parts.push(`${written.toLocaleString('en')}`);
  return parts
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' · ')
    .slice(0, 240);
}
