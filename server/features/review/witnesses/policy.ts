import type { RoomPass } from '#server/platform/access.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import { policyInForce } from '#server/record/cosignatures.ts';
import { headOf } from '#server/record/read.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { WitnessId } from '#shared/kernel/ids.ts';
import { type NoteKey, parseVkey } from '#shared/record/keys.ts';
import { writePolicy } from '#shared/record/witness/policy.ts';

import * as store from './store.ts';

export type Policy = {
  /** 1 for the first that this operation gets. */
  readonly number: number;
  readonly need: number;
  readonly witnessIds: readonly WitnessId[];
  readonly text: string;
};

/** The policy that these witnesses would make now; refuses what is none, or names one that is not at work. [RC-65] */
export async function makePolicy(
  tx: Tx,
  pass: RoomPass,
  vouching: Vouching,
  { witnessIds, need }: Pick<Policy, 'witnessIds' | 'need'>,
): Promise<Policy> {
  if (need > witnessIds.length) throw refuse('bad.request', { where: 'need', what: 'more than there are' });
  const keys = await keysOf(tx, pass, witnessIds);
  const log = parseVkey((await vouching.keyOf(tx, pass.operation, pass.origin)) ?? '');
  if (log === null) throw refuse('signer.absent');
  const text = writePolicy([log, ...(await hubKey(tx, vouching))], keys, need);
  const number = ((await policyInForce(tx, pass.operation))?.number ?? 0) + 1;
  return { number, need, witnessIds, text };
}

/** The same desks weigh the hub's own record, once it is signed. [RC-83] */
async function hubKey(tx: Tx, vouching: Vouching): Promise<NoteKey[]> {
  const hub = await headOf(tx, 'hub');
  invariant(hub !== null, 'a hub without a record');
  const key = parseVkey((await vouching.keyOf(tx, 'hub', hub.origin)) ?? '');
  return key === null ? [] : [key];
}

async function keysOf(tx: Tx, pass: RoomPass, ids: readonly WitnessId[]): Promise<NoteKey[]> {
  const keys: NoteKey[] = [];
  for (const id of [...new Set(ids)].sort()) {
    const witness = await store.holdWitness(tx, pass, id);
    if (witness === null) throw refuse('not.found', { where: 'witnessIds' });
    if (witness.kind !== 'witness')
      throw refuse('bad.request', { where: 'witnessIds', what: 'an officer’s browser never counts' });
    const key = parseVkey(witness.vkey);
    invariant(key !== null, 'a registered key that is none');
    keys.push(key);
  }
  if (keys.length < ids.length)
    throw refuse('bad.request', { where: 'witnessIds', what: 'one is named twice' });
  return keys;
}
