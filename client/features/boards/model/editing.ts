import * as Y from 'yjs';

import { type Origin, root } from '#shared/board/document.ts';

/** Longer than any gesture: what belongs to one undo step is said by `act`, not by time. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** How this page writes to the board, and undoes what it wrote. Others' edits are never undone here. */
export class BoardEditing {
  readonly doc: Y.Doc;
  readonly #origin: Origin = { page: 'board' };
  readonly #undo: Y.UndoManager;
  #gesture: string | null = null;

  constructor(doc: Y.Doc) {
    this.doc = doc;
    this.#undo = new Y.UndoManager([root(doc, 'cards'), root(doc, 'links'), root(doc, 'frames')], {
      trackedOrigins: new Set([this.#origin]),
      captureTimeout: NEVER,
    });
  }

  /** One change. Changes of one `gesture` in a row (a drag, a run of typing) are undone together; `null` stands alone. */
  act(gesture: string | null, write: (doc: Y.Doc, origin: Origin) => void): void {
    if (gesture === null || gesture !== this.#gesture) this.#undo.stopCapturing();
    this.#gesture = gesture;
    this.doc.transact(() => write(this.doc, this.#origin), this.#origin);
  }

  /** The next change begins a new undo step, whatever its gesture. */
  endGesture(): void {
    this.#gesture = null;
  }

  get canUndo(): boolean {
    return this.#undo.undoStack.length > 0;
  }

  get canRedo(): boolean {
    return this.#undo.redoStack.length > 0;
  }

  undo(): void {
    this.endGesture();
    this.#undo.undo();
  }

  redo(): void {
    this.endGesture();
    this.#undo.redo();
  }

  readonly onChange = (listener: () => void): (() => void) => {
    const events = ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const;
    for (const event of events) this.#undo.on(event, listener);
    return () => {
      for (const event of events) this.#undo.off(event, listener);
    };
  };

  destroy(): void {
    this.#undo.destroy();
  }
}
