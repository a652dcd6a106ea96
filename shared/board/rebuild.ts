import * as Y from 'yjs';

import { canonicalBytes } from '#shared/kernel/canonical-json.ts';

import { boardToJson } from './read-board.ts';

/** The document after all these changes, in their order. */
export function growBoard(changes: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const change of changes) Y.applyUpdate(doc, change);
  });
  return doc;
}

/** The same changes give the same bytes: the state as Yjs writes it (V1), and as canonical JSON. [RC-76] */
export function rebuildBoard(changes: readonly Uint8Array[]): {
  readonly yjs: Uint8Array;
  readonly json: Uint8Array;
} {
  const doc = growBoard(changes);
  return { yjs: Y.encodeStateAsUpdate(doc), json: canonicalBytes(boardToJson(doc)) };
}
