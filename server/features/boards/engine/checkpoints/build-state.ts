import * as Y from 'yjs';

import { encodeState, slicesOf } from './slices.ts';

/** A checkpoint or nothing, and the updates (V1) after it, one behind the other; `ends` says where each ends. */
export type StateJob = {
  readonly base: Uint8Array | null;
  readonly joined: Uint8Array;
  readonly ends: readonly number[];
};

export function stateJob(base: Uint8Array | null, updates: readonly Uint8Array[]): StateJob {
  const joined = new Uint8Array(updates.reduce((sum, { length }) => sum + length, 0));
  const ends: number[] = [];
  let at = 0;
  for (const update of updates) {
    joined.set(update, at);
    at += update.length;
    ends.push(at);
  }
  return { base: base === null ? null : Uint8Array.from(base), joined, ends };
}

/** The state after all of it, in slices (V2: half the size of V1 for a board, and as quick to read). Throws when there is a gap. */
export function buildState({ base, joined, ends }: StateJob): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const slice of base === null ? [] : slicesOf(base)) Y.applyUpdateV2(doc, slice);
    let from = 0;
    for (const end of ends) {
      Y.applyUpdate(doc, joined.subarray(from, end));
      from = end;
    }
  });
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new Error('the record of this board has a gap');
  }
  const state = encodeState(doc);
  doc.destroy();
  return state;
}
