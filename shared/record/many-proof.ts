import { equalBytes } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { HASH_LENGTH, type Sha256, sha256 } from './hash.ts';
import { type HashReader, type ProofOutcome, splitOf } from './proof.ts';
import { foldSubtrees, nodeHash, subtreesOf } from './tree.ts';

type Range = readonly [start: number, end: number];
export type Placed = { readonly index: number; readonly leaf: Uint8Array };

/**
 * One proof for many leaves of one tree: the roots of all ranges between them, left to right, each hash once. `places`
 * rise. For a single leaf it holds the hashes of its audit path, in another order. [RC-52]
 */
export async function proveMany(
  reader: HashReader,
  places: readonly number[],
  size: number,
): Promise<Uint8Array[]> {
  invariant(areRising(places, size), 'no such leaves in that tree');
  const parts = rangesBeside([0, size], places).map(([start, end]) => subtreesOf(start, end));
  const hashes = await reader.read(parts.flat());
  let at = 0;
  return parts.map((part) => {
    const held = hashes.slice(at, at + part.length);
    invariant(held.length === part.length, 'the reader gave too few hashes');
    at += part.length;
    return foldSubtrees(held);
  });
}

/** Do these leaves stand at their places in the tree of `size` leaves with this root? [RC-52] */
export function checkMany(
  claim: { readonly size: number; readonly root: Uint8Array; readonly leaves: readonly Placed[] },
  proof: readonly Uint8Array[],
  hash: Sha256 = sha256,
): ProofOutcome {
  const { size, root, leaves } = claim;
  const places = leaves.map(({ index }) => index);
  if (!areRising(places, size)) return { ok: false, reason: 'proof-outside-tree' };
  if ([root, ...proof, ...leaves.map(({ leaf }) => leaf)].some((each) => each.length !== HASH_LENGTH)) {
    return { ok: false, reason: 'proof-malformed-hash' };
  }
  const byPlace = new Map(leaves.map(({ index, leaf }) => [index, leaf]));
  const hashes = proof.values();
  let short = false;
  const made = fold([0, size], places);
  if (short) return { ok: false, reason: 'proof-too-short' };
  if (hashes.next().done !== true) return { ok: false, reason: 'proof-too-long' };
  return equalBytes(made, root) ? { ok: true } : { ok: false, reason: 'proof-root-mismatch' };

  function fold([start, end]: Range, inside: readonly number[]): Uint8Array {
    if (inside.length === 0) return take();
    if (end - start === 1) return byPlace.get(start) ?? take();
    const middle = start + splitOf(end - start);
    const left = fold(
      [start, middle],
      inside.filter((place) => place < middle),
    );
    return nodeHash(
      left,
      fold(
        [middle, end],
        inside.filter((place) => place >= middle),
      ),
      hash,
    );
  }

  function take(): Uint8Array {
    const next = hashes.next();
    if (next.done === true) short = true;
    return next.done === true ? root : next.value;
  }
}

/** Left to right, in the order in which `checkMany` asks for them. */
function rangesBeside([start, end]: Range, places: readonly number[]): Range[] {
  if (places.length === 0) return [[start, end]];
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return [
    ...rangesBeside(
      [start, middle],
      places.filter((place) => place < middle),
    ),
    ...rangesBeside(
      [middle, end],
      places.filter((place) => place >= middle),
    ),
  ];
}

function areRising(places: readonly number[], size: number): boolean {
  return (
    places.length > 0 &&
    places.every((place, at) => Number.isSafeInteger(place) && place < size && place > (places[at - 1] ?? -1))
  );
}
