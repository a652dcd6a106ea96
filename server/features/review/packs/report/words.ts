import { isoTime } from '#shared/kernel/clock.ts';

/** What somebody did, to be read after their name. A kind without words is named as the record names it. */
const words: Readonly<Record<string, string>> = {
  'operation.created': 'opened the operation',
  'operation.closed': 'closed the operation',
  'member.added': 'admitted a member',
  'member.removed': 'removed a member',
  'room.entered': 'entered the room',
  'access.refused': 'was refused access',
  'board.created': 'created a board',
  'board.opened': 'opened a board',
  'board.updated': 'changed a board',
  'board.refused': 'had a board change refused',
  'message.posted': 'wrote a message',
  'message.edited': 'edited a message',
  'message.withdrawn': 'withdrew a message',
  'indicator.added': 'added an indicator',
  'indicator.changed': 'changed an indicator',
  'indicator.withdrawn': 'withdrew an indicator',
  'indicators.import-part': 'wrote part of an import',
  'indicators.imported': 'imported indicators',
  'indicators.exported': 'exported the register',
  'record.consulted': 'read the record',
  'record.exported': 'exported the record',
  'record.mirrored': 'gave a desk’s witness its mirror of the record',
};

export function sayKind(kind: string): string {
  return words[kind] ?? kind;
}

/** `2026-11-24 09:12:44`, in UTC; the page says so. */
export function sayTime(at: number): string {
  return isoTime(at).slice(0, 19).replace('T', ' ');
}

/** So that no reader of the report opens an address in somebody's words. The exact words are in the pack. */
export function unlink(text: string): string {
  return text.replaceAll(/\bhttp(s?):\/\//gi, 'hxxp$1://');
}
