import * as Y from 'yjs';

/**
 * Whether a new item stands where Yjs itself could have put it. Yjs asks no such thing of what it is sent, and applies
 * items whose neighbours are in other lists, or values of a map that are none: which then look different from client to
 * client, or make clients fail when the rest of it is cleared away. [BD-51]
 */
export function standsWell(item: Y.Item, doc: Y.Doc): boolean {
  if (item.parentSub !== null && !isValueOfKey(item, item.parentSub)) return false;
  return isBeside(item, item.origin, item.left, doc) && isBeside(item, item.rightOrigin, item.right, doc);
}

/** Yjs writes values of a key one at a time, each behind the last: of all of them one at most is not deleted. */
function isValueOfKey(item: Y.Item, key: string): boolean {
  if (item.rightOrigin !== null) return false;
  if (item.deleted) return true;
  const { parent } = item;
  return item.length === 1 && parent instanceof Y.AbstractType && parent._map.get(key) === item;
}

/** `guess` is the neighbour as it is now, mostly the one that was meant. */
function isBeside(item: Y.Item, meant: Y.ID | null, guess: Y.Item | null, doc: Y.Doc): boolean {
  if (meant === null) return true;
  const neighbour = guess !== null && holds(guess, meant) ? guess : find(meant, doc);
  if (!(neighbour instanceof Y.Item)) return true;
  return neighbour.parent === item.parent && neighbour.parentSub === item.parentSub;
}

function holds({ id, length }: Y.Item, { client, clock }: Y.ID): boolean {
  return id.client === client && id.clock <= clock && clock < id.clock + length;
}

function find({ client, clock }: Y.ID, doc: Y.Doc): Y.Item | Y.GC | undefined {
  const structs = doc.store.clients.get(client);
  return structs?.[Y.findIndexSS(structs, clock)];
}
