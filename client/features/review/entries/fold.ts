import type { EntryOnWire } from '#shared/contracts/rooms.ts';

/** A line of the list: one entry, or the changes one officer made to one board within a minute. Newest first. */
export type Line = { readonly newest: EntryOnWire; readonly entries: readonly EntryOnWire[] };

export function foldEntries(entries: readonly EntryOnWire[]): readonly Line[] {
  const lines: { newest: EntryOnWire; entries: EntryOnWire[] }[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last && belongs(last.newest, entry)) last.entries.push(entry);
    else lines.push({ newest: entry, entries: [entry] });
  }
  return lines;
}

function belongs(a: EntryOnWire, b: EntryOnWire): boolean {
  return (
    a.kind === 'board.updated' &&
    b.kind === a.kind &&
    b.outcome === a.outcome &&
    b.by?.officer === a.by?.officer &&
    b.object?.id === a.object?.id &&
    b.at.slice(0, 16) === a.at.slice(0, 16)
  );
}
