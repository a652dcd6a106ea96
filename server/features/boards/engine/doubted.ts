import * as Y from 'yjs';

import type { BoardState } from './board-state.ts';
import type { BoardSocket } from './sockets/board-socket.ts';

/**
 * Who says to have what other officers wrote and this node does not have. Most often this node is behind; when the
 * record does not have it either, it was cut since, and nothing of that client may be merged. [BD-34]
 */
export class Doubted {
  readonly #vectors = new Map<BoardSocket, Uint8Array>();

  /** True when the record has to be read before anything else of this socket is looked at. */
  note(socket: BoardSocket, vector: Uint8Array, state: BoardState): boolean {
    if (!lacks(state, socket, vector)) return false;
    this.#vectors.set(socket, vector);
    return true;
  }

  /** The document has all of the record. */
  settle(state: BoardState): void {
    for (const [socket, vector] of this.#vectors)
      if (lacks(state, socket, vector)) socket.refuse('record.restored');
    this.#vectors.clear();
  }
}

/** Under ids of others only: what a client wrote itself it may have before the hub does. */
function lacks(state: BoardState, socket: BoardSocket, vector: Uint8Array): boolean {
  for (const [client, clock] of Y.decodeStateVector(vector)) {
    const owner = state.owners.get(client);
    const foreign = owner !== undefined && owner !== socket.pass.session.officer;
    if (foreign && clock > state.document.clock(client)) return true;
  }
  return false;
}
