import * as Y from 'yjs';

/** One update for everybody out of the few of one batch. They come from our own encoder, never from a client as they are. */
export function mergeForAll(updates: readonly Uint8Array[]): Uint8Array {
  const [only] = updates;
  return updates.length === 1 && only !== undefined ? only : Y.mergeUpdates([...updates]);
}
