import type { RoomPass, WitnessPass } from '#server/platform/access.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import { cosignedNote, quorumCheckpoint } from '#server/record/cosignatures.ts';
import type { Vouching } from '#server/record/vouching.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { ExportedEntry } from '#shared/record/export/lines.ts';

import type { ExportRow } from './store.ts';

/** How long an export waits for a checkpoint over its own entry, and for its seal. */
export const PATIENCE = 5_000;
const PAGE = 500;
const PAGE_WEIGHT = 1024 * 1024;
/** Characters that are made and written at once; between two such pieces the loop is the room's. docs/decisions/0013 */
const PIECE = 256 * 1024;

export type Range = { readonly from: number; readonly to: number; readonly weight: number };

/** Page by page, each in a snapshot of its own; `page` asks for the right again, so who loses it gets no further page. */
export async function* entriesBetween(
  { from, size }: { readonly from: number; readonly size: number },
  page: (range: Range) => Promise<ExportRow[]>,
): AsyncGenerator<ExportedEntry> {
  for (let at = from; at < size; ) {
    const range = { from: at, to: Math.min(size, at + PAGE), weight: PAGE_WEIGHT };
    const found = await page(range);
    invariant(found.length > 0 && found[0]?.seq === at, 'a record with a gap');
    yield* found.map(shown);
    at += found.length;
  }
}

function shown({ leaf_hash, bytes, salt, payload }: ExportRow): ExportedEntry {
  if (bytes === null) return { leaf: leaf_hash };
  return {
    leaf: leaf_hash,
    entry: bytes,
    content: salt === null || payload === null ? null : { salt, payload },
  };
}

/** A line alone is soon made: what takes long is to write each by itself, and to make a million without a pause. */
export async function* inPieces(lines: AsyncIterable<string>, clock: Clock): AsyncGenerator<string> {
  let piece: string[] = [];
  let size = 0;
  for await (const line of lines) {
    piece.push(line);
    size += line.length;
    if (size < PIECE) continue;
    yield piece.join('');
    piece = [];
    size = 0;
    await new Promise<void>((resume) => clock.after(0, resume));
  }
  if (size > 0) yield piece.join('');
}

/** An export's own checkpoint is moments old: what the desks have cosigned comes a little before it. [RC-67] */
export async function earlierQuorum(
  tx: Tx,
  { operation }: RoomPass | WitnessPass,
  before: number,
): Promise<{ readonly size: number; readonly note: string } | null> {
  const reached = await quorumCheckpoint(tx, operation);
  if (reached === null || reached.size >= before) return null;
  return { size: reached.size, note: await cosignedNote(tx, operation, reached, 'everybody') };
}

/** Has the end of an export signed, under its entry `seq`. */
export function sealWith(
  vouching: Vouching,
  { operation: log, origin }: RoomPass | WitnessPass,
  seq: number,
): (text: string) => Promise<string> {
  return async (text) => {
    const given = await vouching.seal({ log, origin, seq, text }, PATIENCE);
    if (given === null) throw refuse('try.again', { what: 'nobody has sealed this export' });
    return given;
  };
}
