import * as Y from 'yjs';

import { asId, isId } from '#shared/kernel/ids.ts';

import { type CardId, type LinkId, type Origin, recordOf, root, setChanged } from './document.ts';
import { boardLimits, tooLarge } from './limits.ts';
import { anId, type Check, type Damaged, type Migration, oneOf, readRecord, textUpTo } from './shape.ts';

/** `forward` points from `from` to `to`. */
export const linkDirections = ['forward', 'both', 'none'] as const;
export type LinkDirection = (typeof linkDirections)[number];

/** A named line between two cards. Its ends never change; its label and direction are last-writer-wins. */
export type Link = {
  readonly state: 'sound';
  readonly id: LinkId;
  readonly from: CardId;
  readonly to: CardId;
  readonly label: string;
  readonly direction: LinkDirection;
};

/** Version 1 is the present one; `linkMigrations[n]` lifts n + 1 to n + 2. */
export const linkVersion = 1;
export const linkMigrations: readonly Migration[] = [];

const linkShape = {
  from: anId,
  to: anId,
  label: textUpTo(boardLimits.label),
  direction: oneOf(linkDirections),
} satisfies Record<string, Check<unknown>>;

/** Never throws: what is not a link becomes `damaged` with its reason. [CB-3] */
export function readLink(id: string, value: unknown): Link | Damaged {
  const reading = readRecord(value, linkShape, linkMigrations);
  if (!isId(id)) return { state: 'damaged', id, reason: 'bad-id' };
  if (!reading.ok) return { state: 'damaged', id, reason: reading.reason };
  const { from, to, ...rest } = reading.value;
  return { ...rest, state: 'sound', id: asId(id), from: asId(from), to: asId(to) };
}

export type NewLink = Pick<Link, 'id' | 'from' | 'to'> & Partial<Pick<Link, 'label' | 'direction'>>;

/** Links two cards that are there; a card is not linked to itself. Throws `too.large` beyond the limits. */
export function connect(doc: Y.Doc, link: NewLink, origin: Origin): void {
  const links = root(doc, 'links');
  if (links.size >= boardLimits.links) throw tooLarge('links', `A board holds ${boardLimits.links} links.`);
  holdToLimits(link);
  if (link.from === link.to || !recordOf(doc, 'cards', link.from) || !recordOf(doc, 'cards', link.to)) return;
  doc.transact(() => {
    const record = new Y.Map<unknown>();
    record.set('v', linkVersion);
    record.set('from', link.from);
    record.set('to', link.to);
    record.set('label', link.label ?? '');
    record.set('direction', link.direction ?? 'forward');
    links.set(link.id, record);
  }, origin);
}

export type LinkEdit = { readonly id: LinkId } & Partial<Pick<Link, 'label' | 'direction'>>;

export function editLink(doc: Y.Doc, edit: LinkEdit, origin: Origin): void {
  const record = recordOf(doc, 'links', edit.id);
  if (!record) return;
  holdToLimits(edit);
  const { id: _id, ...fields } = edit;
  doc.transact(() => setChanged(record, fields), origin);
}

export function deleteLinks(doc: Y.Doc, ids: readonly string[], origin: Origin): void {
  doc.transact(() => {
    for (const id of ids) root(doc, 'links').delete(id);
  }, origin);
}

function holdToLimits(link: { readonly label?: string }): void {
  if ((link.label?.length ?? 0) > boardLimits.label) {
    throw tooLarge('label', `A link's name has up to ${boardLimits.label} characters.`);
  }
}
