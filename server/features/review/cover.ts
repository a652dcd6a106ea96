import type { RoomPass, WitnessPass } from '#server/platform/access.ts';
import type { Store } from '#server/platform/storage/store.ts';
import type { StoredCheckpoint } from '#server/record/checkpoints.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { refuse } from '#shared/kernel/failures.ts';

export type Covered = { readonly checkpoint: StoredCheckpoint; readonly key: string };

/** A checkpoint over at least `size` entries, and the key it is signed with; refuses when none comes in time. [RC-40] */
export async function coverOrRefuse(
  { store, vouching }: { readonly store: Store; readonly vouching: Vouching },
  pass: RoomPass | WitnessPass,
  { size, patience }: { readonly size: number; readonly patience: number },
): Promise<Covered> {
  const { operation, origin } = pass;
  const checkpoint = await vouching.cover(operation, size, patience);
  const { key, atWork } = await store.read(async (tx) => ({
    key: await vouching.keyOf(tx, operation, origin),
    atWork: await vouching.atWork(tx, operation),
  }));
  if (checkpoint !== null && key !== null) return { checkpoint, key };
  if (!atWork) throw refuse('signer.absent');
  throw refuse('try.again', { what: 'the record has not been signed up to this export yet' });
}
