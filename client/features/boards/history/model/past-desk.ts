import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

import { fieldsOf } from '#shared/board/change.ts';
import { root, rootNames } from '#shared/board/document.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';

import type { BoardDesk } from '../../board-context.ts';
import { BoardStore } from '../../model/board-store.ts';
import { BoardEditing } from '../../model/editing.ts';
import { BoardPresence } from '../../model/presence.ts';

/** A board as it stood, to be looked at: a document of its own that no connection knows. */
export function openPastDesk(board: Json): { readonly desk: BoardDesk; readonly close: () => void } {
  const doc = docOf(board);
  const awareness = new Awareness(doc);
  const desk = {
    store: new BoardStore(doc),
    editing: new BoardEditing(doc),
    presence: new BoardPresence(awareness),
  };
  return {
    desk,
    close: () => {
      desk.store.destroy();
      desk.editing.destroy();
      desk.presence.destroy();
      awareness.destroy();
      doc.destroy();
    },
  };
}

/** Malformed records stay so: they are shown as damaged in the past as well. */
function docOf(board: Json): Y.Doc {
  const doc = new Y.Doc();
  const roots = fieldsOf(board) ?? {};
  doc.transact(() => {
    for (const name of rootNames) {
      for (const [id, record] of Object.entries(fieldsOf(roots[name]) ?? {})) {
        const fields = name === 'meta' ? null : fieldsOf(record);
        root(doc, name).set(id, fields ? recordOf(fields) : record);
      }
    }
  });
  return doc;
}

function recordOf(fields: { readonly [field: string]: Json | undefined }): Y.Map<unknown> {
  const record = new Y.Map<unknown>();
  for (const [field, value] of Object.entries(fields)) {
    record.set(field, field === 'text' && typeof value === 'string' ? new Y.Text(value) : value);
  }
  return record;
}
