import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';

import type { HeldBoard } from './held-board.ts';
import { type SaveState, sameSaveState } from './save-state.ts';

/** What the screen draws. `doc` changes identity when the replica had to be begun again. */
export type BoardView = {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly shown: boolean;
  /** Something is kept from before the record was restored. */
  readonly aside: boolean;
};

/** What of a board is on screen, and who is told of something else. */
export class OnScreen {
  readonly #listeners = new Set<() => void>();
  #saveState: SaveState = { state: 'connecting', unsaved: 0 };
  #view: BoardView;

  constructor(held: HeldBoard) {
    this.#view = viewOf(held);
  }

  get saveState(): SaveState {
    return this.#saveState;
  }

  get view(): BoardView {
    return this.#view;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nobody is told any more. */
  forget(): void {
    this.#listeners.clear();
  }

  show(saveState: SaveState, held: HeldBoard): void {
    const view = viewOf(held);
    const same = sameSaveState(saveState, this.#saveState);
    if (same && sameView(view, this.#view)) return;
    if (!same) this.#saveState = saveState;
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }
}

function viewOf({ replica, aside }: HeldBoard): BoardView {
  const { doc, awareness, shown } = replica;
  return { doc, awareness, shown, aside };
}

function sameView(a: BoardView, b: BoardView): boolean {
  return a.doc === b.doc && a.shown === b.shown && a.aside === b.aside;
}
