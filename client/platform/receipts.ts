type Listener = (note: string) => void;

const listeners = new Set<Listener>();
/** The newest of all: the parts that check them are loaded after the page, one by one, and each hears them from the start. */
let recent: string[] = [];
const MOST_RECENT = 500;

/** Whatever stands at `receipts` in an answer of the hub; nothing is believed here. */
export function tellReceipts(notes: unknown): void {
  if (!Array.isArray(notes)) return;
  for (const note of notes) {
    if (typeof note !== 'string') continue;
    recent = [...recent.slice(1 - MOST_RECENT), note];
    for (const listener of listeners) listener(note);
  }
}

/** Hears every receipt from here on, and the newest of those that came before. */
export function hearReceipts(listener: Listener): () => void {
  listeners.add(listener);
  for (const note of recent) listener(note);
  return () => listeners.delete(listener);
}
