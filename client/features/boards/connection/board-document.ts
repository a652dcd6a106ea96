import {
  Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness';
import * as Y from 'yjs';

type AwarenessChange = { added: number[]; updated: number[]; removed: number[] };
export type DocumentEvents = {
  readonly edited: (update: Uint8Array, transaction: Y.Transaction) => void;
  readonly presence: (update: Uint8Array) => void;
};

/** One replica of the board with its presence. A collision of client ids replaces both. */
export class BoardDocument {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  /** True once the hub has sent the board's state: before that nothing is shown and nothing may be written. */
  shown = false;
  readonly #hub = { name: 'hub' };

  constructor(events: DocumentEvents) {
    this.doc.on('update', (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
      if (origin !== this.#hub) events.edited(update, transaction);
    });
    this.awareness.on('update', ({ added, updated, removed }: AwarenessChange, origin: unknown) => {
      const own = [...added, ...updated, ...removed].includes(this.awareness.clientID);
      if (own && origin === 'local') events.presence(this.ownPresence());
    });
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.doc);
  }

  applyState(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, this.#hub);
    this.#followClientId();
  }

  applyPresence(update: Uint8Array): void {
    applyAwarenessUpdate(this.awareness, update, this.#hub);
  }

  ownPresence(): Uint8Array {
    return encodeAwarenessUpdate(this.awareness, [this.awareness.clientID]);
  }

  /** Without a connection nobody else is here. */
  forgetOthers(): void {
    const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.awareness.clientID);
    removeAwarenessStates(this.awareness, others, this.#hub);
  }

  destroy(): void {
    this.awareness.destroy();
    this.doc.destroy();
  }

  /** Yjs takes a new client id when it meets its own in somebody else's edits; presence must speak under the same. */
  #followClientId(): void {
    const { awareness, doc } = this;
    if (awareness.clientID === doc.clientID) return;
    const state = awareness.getLocalState();
    awareness.states.delete(awareness.clientID);
    awareness.clientID = doc.clientID;
    awareness.setLocalState(state);
  }
}
