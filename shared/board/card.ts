import * as Y from 'yjs';

import type { OfficerId } from '#shared/kernel/ids.ts';
import { asId, isId } from '#shared/kernel/ids.ts';
import { type Tlp, tlpLabels } from '#shared/policy/markings.ts';

import { type CardId, type FrameId, type Origin, recordOf, root, setChanged } from './document.ts';
import { boardLimits, inBoard, tooLarge } from './limits.ts';
import {
  anId,
  type Check,
  type Damaged,
  type Migration,
  oneOf,
  orNull,
  prose,
  readRecord,
  textUpTo,
  within,
} from './shape.ts';
import { writeText } from './text-edit.ts';

export const cardKinds = [
  'note',
  'person',
  'organisation',
  'account',
  'device',
  'location',
  'event',
  'evidence',
  'indicator',
  'task',
] as const;
export type CardKind = (typeof cardKinds)[number];

/** What must be exact stays on the hub; the card only points to it. */
export type CardRef = { readonly kind: 'indicator' | 'task'; readonly id: string };

/** One thing on the board. `text` is co-edited; every other field is last-writer-wins. */
export type Card = {
  readonly state: 'sound';
  readonly id: CardId;
  readonly kind: CardKind;
  /** Board units of the top left corner; `w` is the width, the height follows from the content. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly title: string;
  readonly text: string;
  readonly tlp: Tlp;
  readonly ref: CardRef | null;
  readonly frame: FrameId | null;
  /** Who added it, as the writer's client says; the record says it for certain. */
  readonly createdBy: OfficerId;
  /** Higher lies on top. */
  readonly z: number;
};

/** Version 1 is the present one; `cardMigrations[n]` lifts n + 1 to n + 2. */
export const cardVersion = 1;
export const cardMigrations: readonly Migration[] = [];

const { extent, cardWidth, title, text } = boardLimits;
const place = within(-extent, extent);

const cardShape = {
  kind: oneOf(cardKinds),
  x: place,
  y: place,
  w: within(cardWidth.least, cardWidth.most),
  title: textUpTo(title),
  text: prose(text),
  tlp: oneOf(tlpLabels),
  ref: orNull(aRef),
  frame: orNull(anId),
  createdBy: anId,
  z: within(-1e9, 1e9),
} satisfies Record<string, Check<unknown>>;

/** Never throws: what is not a card becomes `damaged` with its reason. [CB-3] */
export function readCard(id: string, value: unknown): Card | Damaged {
  const reading = readRecord(value, cardShape, cardMigrations);
  if (!isId(id)) return { state: 'damaged', id, reason: 'bad-id' };
  if (!reading.ok) return { state: 'damaged', id, reason: reading.reason };
  const { frame, createdBy, ...rest } = reading.value;
  return {
    ...rest,
    state: 'sound',
    id: asId(id),
    frame: frame === null ? null : asId(frame),
    createdBy: asId(createdBy),
  };
}

export type NewCard = Pick<Card, 'id' | 'kind' | 'x' | 'y' | 'tlp' | 'createdBy'> &
  Partial<Pick<Card, 'w' | 'title' | 'text' | 'ref' | 'frame' | 'z'>>;

/** Adds one card in one transaction. Throws `too.large` beyond the limits. */
export function addCard(doc: Y.Doc, card: NewCard, origin: Origin): void {
  const cards = root(doc, 'cards');
  if (cards.size >= boardLimits.cards) throw tooLarge('cards', `A board holds ${boardLimits.cards} cards.`);
  holdToLimits(card);
  doc.transact(() => {
    const record = new Y.Map<unknown>();
    for (const [field, value] of Object.entries({
      v: cardVersion,
      kind: card.kind,
      x: inBoard(card.x),
      y: inBoard(card.y),
      w: card.w ?? 208,
      title: card.title ?? '',
      text: new Y.Text(card.text ?? ''),
      tlp: card.tlp,
      ref: card.ref ?? null,
      frame: card.frame ?? null,
      createdBy: card.createdBy,
      z: card.z ?? 0,
    })) {
      record.set(field, value);
    }
    cards.set(card.id, record);
  }, origin);
}

export type CardMove = { readonly id: CardId; readonly x: number; readonly y: number };

/** Moves cards in one transaction, to whole units within the board. Cards that are gone are passed over. */
export function moveCards(doc: Y.Doc, moves: readonly CardMove[], origin: Origin): void {
  doc.transact(() => {
    for (const { id, x, y } of moves) {
      const record = recordOf(doc, 'cards', id);
      if (record) setChanged(record, { x: inBoard(x), y: inBoard(y) });
    }
  }, origin);
}

export type CardEdit = { readonly id: CardId; readonly caret?: number } & Partial<
  Pick<Card, 'kind' | 'w' | 'title' | 'text' | 'tlp' | 'ref' | 'frame' | 'z'>
>;

/** Changes the given fields only; `text` by its difference. Throws `too.large` beyond the limits. [CB-5] */
export function editCard(doc: Y.Doc, edit: CardEdit, origin: Origin): void {
  const record = recordOf(doc, 'cards', edit.id);
  if (!record) return;
  holdToLimits(edit);
  const { id: _id, caret, text: words, ...fields } = edit;
  doc.transact(() => {
    setChanged(record, fields);
    const held = record.get('text');
    if (words !== undefined && held instanceof Y.Text) writeText(held, words, caret);
  }, origin);
}

/** Deletes cards, damaged ones too, with every link that touches them, in one transaction. [CB-6] */
export function deleteCards(doc: Y.Doc, ids: readonly string[], origin: Origin): void {
  const gone = new Set(ids);
  doc.transact(() => {
    const links = root(doc, 'links');
    for (const [id, link] of [...links.entries()]) {
      if (link instanceof Y.Map && (gone.has(link.get('from')) || gone.has(link.get('to')))) links.delete(id);
    }
    for (const id of gone) root(doc, 'cards').delete(id);
  }, origin);
}

function holdToLimits(card: { readonly title?: string; readonly text?: string; readonly w?: number }): void {
  if ((card.title?.length ?? 0) > title) throw tooLarge('title', `A title has up to ${title} characters.`);
  if ((card.text?.length ?? 0) > text) throw tooLarge('text', `A card's text has up to ${text} characters.`);
  if (card.w !== undefined && within(cardWidth.least, cardWidth.most)(card.w) === undefined) {
    throw tooLarge('w', `A card is ${cardWidth.least} to ${cardWidth.most} wide.`);
  }
}

function aRef(value: unknown): CardRef | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('id' in value)) return undefined;
  const kind = oneOf(['indicator', 'task'])(value.kind);
  const id = anId(value.id);
  return kind === undefined || id === undefined ? undefined : { kind, id };
}
