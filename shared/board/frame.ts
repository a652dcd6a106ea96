import * as Y from 'yjs';

import { asId, isId } from '#shared/kernel/ids.ts';

import { type FrameId, type Origin, recordOf, root, setChanged } from './document.ts';
import { boardLimits, inBoard, tooLarge } from './limits.ts';
import { type Check, type Damaged, type Migration, readRecord, textUpTo, within } from './shape.ts';

/** A named area. Cards that name it in their `frame` move with it. Every field is last-writer-wins. */
export type Frame = {
  readonly state: 'sound';
  readonly id: FrameId;
  readonly title: string;
  /** Board units of the top left corner, and the size. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
};

/** Version 1 is the present one; `frameMigrations[n]` lifts n + 1 to n + 2. */
export const frameVersion = 1;
export const frameMigrations: readonly Migration[] = [];

const { extent, frameSide, title } = boardLimits;
const place = within(-extent, extent);
const side = within(frameSide.least, frameSide.most);

const frameShape = { title: textUpTo(title), x: place, y: place, w: side, h: side } satisfies Record<
  string,
  Check<unknown>
>;

/** Never throws: what is not a frame becomes `damaged` with its reason. [CB-3] */
export function readFrame(id: string, value: unknown): Frame | Damaged {
  const reading = readRecord(value, frameShape, frameMigrations);
  if (!isId(id)) return { state: 'damaged', id, reason: 'bad-id' };
  if (!reading.ok) return { state: 'damaged', id, reason: reading.reason };
  return { ...reading.value, state: 'sound', id: asId(id) };
}

export type NewFrame = Omit<Frame, 'state'>;

/** Throws `too.large` beyond the limits; its size is brought within them. */
export function addFrame(doc: Y.Doc, frame: NewFrame, origin: Origin): void {
  const frames = root(doc, 'frames');
  if (frames.size >= boardLimits.frames)
    throw tooLarge('frames', `A board holds ${boardLimits.frames} frames.`);
  const fields = fieldsOf(frame);
  doc.transact(() => {
    const record = new Y.Map<unknown>();
    for (const [field, value] of Object.entries({ v: frameVersion, ...fields })) record.set(field, value);
    frames.set(frame.id, record);
  }, origin);
}

export type FrameEdit = { readonly id: FrameId } & Partial<Omit<Frame, 'state' | 'id'>>;

/** Renames or resizes. The cards in it stay where they are; `moveFrame` takes them along. */
export function editFrame(doc: Y.Doc, edit: FrameEdit, origin: Origin): void {
  const record = recordOf(doc, 'frames', edit.id);
  if (!record) return;
  const fields = fieldsOf(edit);
  doc.transact(() => setChanged(record, fields), origin);
}

/** Moves a frame and, by the same distance, the cards that name it, in one transaction. [CB-7] */
export function moveFrame(doc: Y.Doc, to: { id: FrameId; x: number; y: number }, origin: Origin): void {
  const record = recordOf(doc, 'frames', to.id);
  const frame = readFrame(to.id, record);
  if (!record || frame.state === 'damaged') return;
  const x = inBoard(to.x);
  const y = inBoard(to.y);
  doc.transact(() => {
    for (const card of root(doc, 'cards').values()) {
      if (!(card instanceof Y.Map) || card.get('frame') !== to.id) continue;
      const [left, top] = [card.get('x'), card.get('y')];
      if (typeof left !== 'number' || typeof top !== 'number') continue;
      setChanged(card, { x: inBoard(left + x - frame.x), y: inBoard(top + y - frame.y) });
    }
    setChanged(record, { x, y });
  }, origin);
}

/** Deletes the frame only: its cards stay and belong to none. */
export function deleteFrames(doc: Y.Doc, ids: readonly string[], origin: Origin): void {
  const gone = new Set<unknown>(ids);
  doc.transact(() => {
    for (const card of root(doc, 'cards').values()) {
      if (card instanceof Y.Map && gone.has(card.get('frame'))) card.set('frame', null);
    }
    for (const id of ids) root(doc, 'frames').delete(id);
  }, origin);
}

function fieldsOf(frame: Partial<Omit<Frame, 'state' | 'id'>>): Record<string, unknown> {
  if ((frame.title?.length ?? 0) > title) throw tooLarge('title', `A title has up to ${title} characters.`);
  return {
    title: frame.title,
    x: frame.x === undefined ? undefined : inBoard(frame.x),
    y: frame.y === undefined ? undefined : inBoard(frame.y),
    w: frame.w === undefined ? undefined : inSide(frame.w),
    h: frame.h === undefined ? undefined : inSide(frame.h),
  };
}

function inSide(length: number): number {
  return Math.min(frameSide.most, Math.max(frameSide.least, Math.round(length)));
}
