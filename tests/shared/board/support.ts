import * as Y from 'yjs';

import type { CardId, FrameId, LinkId } from '#shared/board/document.ts';
import { asId, type OfficerId } from '#shared/kernel/ids.ts';

export const me = { name: 'me' };
export const officer = asId<OfficerId>('0f'.repeat(16));
export const card = (n: number): CardId => asId<CardId>(n.toString(16).padStart(32, 'c'));
export const link = (n: number): LinkId => asId<LinkId>(n.toString(16).padStart(32, 'd'));
export const frame = (n: number): FrameId => asId<FrameId>(n.toString(16).padStart(32, 'f'));

export const note = (n: number, x = 0, y = 0) =>
  ({ id: card(n), kind: 'note', x, y, tlp: 'AMBER', createdBy: officer }) as const;

/** Replicas that exchange everything they have. */
export function exchange(...docs: readonly Y.Doc[]): void {
  const updates = docs.map((doc) => Y.encodeStateAsUpdate(doc));
  for (const doc of docs) for (const update of updates) Y.applyUpdate(doc, update, 'exchange');
}

export function updatesOf(doc: Y.Doc, act: () => void): number {
  let count = 0;
  const note = () => {
    count += 1;
  };
  doc.on('update', note);
  act();
  doc.off('update', note);
  return count;
}
