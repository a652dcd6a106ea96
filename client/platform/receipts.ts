type Listener = (note: string) => void;

const listeners = new Set<Listener>();
/** What came before anybody listened: the part that checks them is loaded after the room. */
let early: string[] = [];
const MOST_EARLY = 500;

/** Whatever stands at `receipts` in an answer of the hub; nothing is believed here. */
export function tellReceipts(notes: unknown): void {
  if (!Array.isArray(notes)) return;
  for (const note of notes) {
    if (typeof note !== 'string') continue;
    if (listeners.size === 0) early = [...early.slice(1 - MOST_EARLY), note];
    for (const listener of listeners) listener(note);
  }
}

/** Hears every receipt from here on, and those that came before anybody did. */
export function hearReceipts(listener: Listener): () => void {
  listeners.add(listener);
  const waiting = early;
  early = [];
  for (const note of waiting) listener(note);
  return () => listeners.delete(listener);
}
