import { createDecoder, hasContent, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import * as Y from 'yjs';

type Struct = Y.Item | Y.GC;

/** A state that is one V2 update begins with 0, as every V2 update does; one in slices with this. */
const inSlices = 1;

/**
 * A document as V2 updates, each of which stands on those before it and nothing else: a large one can be read in piece by
 * piece, with others in between. A thousand structs take about 5 ms.
 */
export function encodeState(doc: Y.Doc, structsInSlice = 1000): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, inSlices);
  for (const slice of slices(doc, structsInSlice)) writeVarUint8Array(encoder, slice);
  // No structs: what is deleted.
  writeVarUint8Array(encoder, Y.encodeStateAsUpdateV2(doc, Y.encodeStateVector(doc)));
  return toUint8Array(encoder);
}

/** The V2 updates of a state, to be applied in this order. */
export function slicesOf(state: Uint8Array): Uint8Array[] {
  if (state[0] !== inSlices) return [state];
  const decoder = createDecoder(state);
  readVarUint(decoder);
  const found: Uint8Array[] = [];
  while (hasContent(decoder)) found.push(readVarUint8Array(decoder));
  return found;
}

function* slices(doc: Y.Doc, most: number): Iterable<Uint8Array> {
  const { clients } = doc.store;
  /** How many structs of each client have been given out. */
  const given = new Map<number, number>();
  const next = (client: number): Struct | undefined => clients.get(client)?.[given.get(client) ?? 0];
  const waitsFor = (struct: Struct): number | null => {
    for (const id of standsOn(struct)) {
      const first = next(id.client);
      if (id.client !== struct.id.client && first !== undefined && first.id.clock <= id.clock)
        return id.client;
    }
    return null;
  };

  let slice = new Map<number, Struct[]>();
  let held = 0;
  for (const client of [...clients.keys()].sort((a, b) => b - a)) {
    // Whose next struct waits for the next one of whom. No circle: what is first of each is in no other's past.
    const path = [client];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const struct = next(at);
      const other = struct === undefined ? null : waitsFor(struct);
      if (other !== null) path.push(other);
      else if (struct === undefined || path.length > 1) path.pop();
      if (struct === undefined || other !== null) continue;
      given.set(at, (given.get(at) ?? 0) + 1);
      const run = slice.get(at);
      if (run === undefined) slice.set(at, [struct]);
      else run.push(struct);
      held += 1;
      if (held < most) continue;
      yield encodeSlice(slice);
      slice = new Map();
      held = 0;
    }
  }
  if (held > 0) yield encodeSlice(slice);
}

function* standsOn(struct: Struct): Iterable<Y.ID> {
  if (struct instanceof Y.GC) return;
  if (struct.origin !== null) yield struct.origin;
  if (struct.rightOrigin !== null) yield struct.rightOrigin;
  // A parent is written only where no neighbour tells it, but is needed in any case.
  if (struct.parent instanceof Y.AbstractType && struct.parent._item !== null) yield struct.parent._item.id;
}

/** As Yjs lays out an update: runs of structs by client, then what is deleted, here nothing. */
function encodeSlice(slice: ReadonlyMap<number, readonly Struct[]>): Uint8Array {
  const encoder = new Y.UpdateEncoderV2();
  writeVarUint(encoder.restEncoder, slice.size);
  for (const [client, structs] of slice) {
    writeVarUint(encoder.restEncoder, structs.length);
    encoder.writeClient(client);
    writeVarUint(encoder.restEncoder, structs[0]?.id.clock ?? 0);
    for (const struct of structs) struct.write(encoder, 0);
  }
  writeVarUint(encoder.restEncoder, 0);
  return encoder.toUint8Array();
}
