import type { RoomPass } from '#server/platform/access.ts';
import { command, type Handler, type NewFact } from '#server/platform/http/commands.ts';
import { newToken } from '#server/platform/secrets.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import { policyInForce } from '#server/record/cosignatures.ts';
import { headOf } from '#server/record/read.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { registerWitness, retireWitness, setQuorum } from '#shared/contracts/witnesses.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { WitnessId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';
import type { CosignerKind } from '#shared/policy/cosigners.ts';
import { type NoteKey, parseVkey, signatureTypes } from '#shared/record/keys.ts';
import { cosignerName } from '#shared/record/witness/names.ts';
import { writePolicy } from '#shared/record/witness/policy.ts';

import * as store from './store.ts';

type Deps = { readonly random: Random; readonly vouching: Vouching };

/** One officer works on a few machines, not on many. */
const MOST_BROWSERS = 5;

/** Registering, retiring and the quorum: acts, each an entry. [RC-56] [RC-65] */
export function keepHandlers({ random, vouching }: Deps): Handler[] {
  return [
    command({
      call: registerWitness,
      async act(tx, { pass, now }, { vkey }) {
        const { key, kind } = ownKey(pass, vkey);
        await store.takeTurn(tx, pass);
        await refuseMore(tx, pass, { key, kind });
        const id = newId<WitnessId>(random);
        const made = kind === 'witness' ? newToken(random) : null;
        const publicKey = key.publicKey;
        await store.insertWitness(tx, pass, {
          id,
          kind,
          vkey,
          publicKey,
          credentialHash: made?.hash ?? null,
          now,
        });
        const facts = [about('witness.registered', pass, id, { kind, desk: pass.session.desk.code, vkey })];
        return { facts, reply: { id, kind, credential: made?.token ?? null } };
      },
    }),
    command({
      call: retireWitness,
      async act(tx, { pass, now }, { witnessId, reason }) {
        await store.takeTurn(tx, pass);
        const witness = await store.holdWitness(tx, pass, witnessId);
        if (witness === null) throw refuse('not.found', { where: 'witnessId' });
        if (witness.desk_id !== pass.session.desk.id && pass.role !== 'lead') throw refuse('not.allowed');
        await store.markRetired(tx, pass, witnessId, now);
        const { kind, code, vkey } = witness;
        return {
          facts: [about('witness.retired', pass, witnessId, { kind, desk: code, vkey, reason })],
          reply: {},
        };
      },
    }),
    command({
      call: setQuorum,
      async act(tx, { pass, now }, { witnessIds, need }) {
        if (need > witnessIds.length)
          throw refuse('bad.request', { where: 'need', what: 'more than there are' });
        await store.takeTurn(tx, pass);
        const keys = await keysOf(tx, pass, witnessIds);
        const log = parseVkey((await vouching.keyOf(tx, pass.operation, pass.origin)) ?? '');
        if (log === null) throw refuse('signer.absent');
        const text = writePolicy([log, ...(await hubKey(tx, vouching))], keys, need);
        const number = ((await policyInForce(tx, pass.operation))?.number ?? 0) + 1;
        await store.insertPolicy(tx, pass, { number, text, need, witnessIds, now });
        return {
          facts: [
            {
              kind: 'quorum.set',
              object: { kind: 'operation', id: pass.operation },
              compartment: pass.main,
              body: { number, need, of: keys.length, text },
            },
          ],
          reply: { text },
        };
      },
    }),
  ];
}

/** The same desks weigh the hub's own record, once it is signed. [RC-83] */
async function hubKey(tx: Tx, vouching: Vouching): Promise<NoteKey[]> {
  const hub = await headOf(tx, 'hub');
  invariant(hub !== null, 'a hub without a record');
  const key = parseVkey((await vouching.keyOf(tx, 'hub', hub.origin)) ?? '');
  return key === null ? [] : [key];
}

/** A key named for the desk of whoever registers it, and for one of the two kinds. [RC-56] */
function ownKey(pass: RoomPass, vkey: string): { key: NoteKey; kind: CosignerKind } {
  const key = parseVkey(vkey);
  if (key?.type !== signatureTypes.cosigner)
    throw refuse('bad.request', {
      where: 'vkey',
      what: 'not the verification key of a cosigner (type 0x04)',
    });
  const { code } = pass.session.desk;
  const kinds: readonly CosignerKind[] = ['witness', 'officer-browser'];
  const kind = kinds.find((each) => cosignerName(each, code) === key.name);
  if (kind === undefined) {
    throw refuse('bad.request', {
      where: 'vkey',
      what: `the key must be named ${cosignerName('witness', code)}`,
    });
  }
  return { key, kind };
}

async function refuseMore(
  tx: Tx,
  pass: RoomPass,
  { key, kind }: { key: NoteKey; kind: CosignerKind },
): Promise<void> {
  if (await store.isKeyKnown(tx, key.publicKey))
    throw refuse('already.exists', { where: 'vkey', what: 'a key is registered once; make a new one' });
  const held = await store.countAtWork(tx, pass, kind);
  if (kind === 'witness' && held > 0)
    throw refuse('already.exists', { where: 'vkey', what: 'your desk has a witness here; retire it first' });
  if (held >= MOST_BROWSERS)
    throw refuse('already.exists', {
      where: 'vkey',
      what: 'five of your browsers cosign already; retire one',
    });
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

function about(
  kind: 'witness.registered' | 'witness.retired',
  pass: RoomPass,
  id: WitnessId,
  body: NewFact['body'],
): NewFact {
  return { kind, object: { kind: 'witness', id }, compartment: pass.main, body };
}
