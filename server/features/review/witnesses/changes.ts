import type { RoomPass } from '#server/platform/access.ts';
import { type Acted, command, type Handler, type NewFact } from '#server/platform/http/commands.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import { policyInForce } from '#server/record/cosignatures.ts';
import type { Vouching } from '#server/record/vouching.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { confirmChange, retireWitness, setQuorum, withdrawChange } from '#shared/contracts/witnesses.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { RequestId, WitnessId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';

import { makePolicy, type Policy } from './policy.ts';
import { dropRequest, putRequest, type RequestRow, standingRequest } from './requests-store.ts';
import * as store from './store.ts';

type Deps = { readonly random: Random; readonly vouching: Vouching };

const nothingAsked = 'nobody has asked for it, or the request has fallen away';

/**
 * What decides who must cosign takes two desks, once there is a quorum: an officer of one asks, an officer of another
 * confirms. What takes nothing from anybody, one officer does. [RC-88] [RC-89]
 */
export function changeHandlers({ random, vouching }: Deps): Handler[] {
  return [
    command({
      call: retireWitness,
      async act(tx, { pass, now }, { witnessId, reason }): Promise<Acted<ReplyOf<typeof retireWitness>>> {
        await store.takeTurn(tx, pass);
        const witness = await store.holdWitness(tx, pass, witnessId);
        if (witness === null) throw refuse('not.found', { where: 'witnessId' });
        const own = witness.desk_id === pass.session.desk.id;
        if (!own && pass.role !== 'lead') throw refuse('not.allowed');
        const policy = await policyInForce(tx, pass.operation);
        if (own && policy?.witness_ids.includes(witnessId) !== true) {
          const fact = await retire(tx, pass, { witness, reason, now });
          return { facts: [fact], reply: { state: 'retired' } };
        }
        await refuseSecond(tx, pass, now);
        const id = newId<RequestId>(random);
        await putRequest(tx, pass, { what: 'retire', witness_id: witnessId, id, reason, now });
        const { code, vkey } = witness;
        const body = { what: 'retire', desk: code, vkey, reason };
        return { facts: [asked(pass, witnessId, body)], reply: { state: 'asked' } };
      },
    }),
    command({
      call: setQuorum,
      async act(tx, { pass, now }, { witnessIds, need }): Promise<Acted<ReplyOf<typeof setQuorum>>> {
        await store.takeTurn(tx, pass);
        const made = await makePolicy(tx, pass, vouching, { witnessIds, need });
        const { text } = made;
        if (made.number === 1) {
          await store.insertPolicy(tx, pass, { ...made, askedBy: null, now });
          return { facts: [policySet(pass, made)], reply: { text } };
        }
        await refuseSecond(tx, pass, now);
        const id = newId<RequestId>(random);
        await putRequest(tx, pass, { what: 'quorum', witness_ids: witnessIds, need, id, reason: '', now });
        const body = { what: 'quorum', need, of: made.witnessIds.length, text };
        return { facts: [asked(pass, null, body)], reply: { text: null } };
      },
    }),
    command({
      call: confirmChange,
      async act(tx, { pass, now }, { requestId }) {
        await store.takeTurn(tx, pass);
        const request = await theRequest(tx, pass, { requestId, now });
        if (request.asked_desk === pass.session.desk.id) throw refuse('two.desks');
        await dropRequest(tx, pass);
        const by = { askedBy: request.asked_by, askedAt: isoTime(request.asked_ms) };
        if (request.what === 'retire') {
          const witness = await store.holdWitness(tx, pass, request.witness_id);
          if (witness === null) throw refuse('not.found', { what: 'the key was retired meanwhile' });
          const fact = await retire(tx, pass, { witness, reason: request.reason, now, by });
          return { facts: [fact], reply: {} };
        }
        const { witness_ids: witnessIds, need } = request;
        const made = await makePolicy(tx, pass, vouching, { witnessIds, need });
        await store.insertPolicy(tx, pass, { ...made, askedBy: request.asked_by, now });
        return { facts: [policySet(pass, made, by)], reply: {} };
      },
    }),
    command({
      call: withdrawChange,
      async act(tx, { pass, now }, { requestId, reason }) {
        await store.takeTurn(tx, pass);
        const request = await theRequest(tx, pass, { requestId, now });
        await dropRequest(tx, pass);
        const own = request.asked_desk === pass.session.desk.id;
        const body = { what: request.what, as: own ? 'withdrawn' : 'refused', reason };
        const about = request.what === 'retire' ? request.witness_id : null;
        return { facts: [fact(pass, 'witness.change-withdrawn', about, body)], reply: {} };
      },
    }),
  ];
}

/** The very request that the officer was shown, and no other that came meanwhile. */
async function theRequest(
  tx: Tx,
  pass: RoomPass,
  { requestId, now }: { readonly requestId: string; readonly now: number },
): Promise<RequestRow> {
  const request = await standingRequest(tx, pass, now);
  if (request?.id !== requestId) throw refuse('not.found', { where: 'requestId', what: nothingAsked });
  return request;
}

async function refuseSecond(tx: Tx, pass: RoomPass, now: number): Promise<void> {
  if ((await standingRequest(tx, pass, now)) !== null)
    throw refuse('already.exists', { what: 'another change waits for a second desk' });
}

type Retiring = {
  readonly witness: store.HeldWitness;
  readonly reason: string;
  readonly now: number;
  readonly by?: { readonly askedBy: string; readonly askedAt: string };
};

async function retire(tx: Tx, pass: RoomPass, { witness, reason, now, by }: Retiring): Promise<NewFact> {
  const { id, kind, code, vkey } = witness;
  await store.markRetired(tx, pass, id, now);
  return fact(pass, 'witness.retired', id, { kind, desk: code, vkey, reason, ...by });
}

function policySet(pass: RoomPass, { number, need, witnessIds, text }: Policy, by?: Retiring['by']): NewFact {
  return fact(pass, 'quorum.set', null, { number, need, of: witnessIds.length, text, ...by });
}

function asked(pass: RoomPass, witness: WitnessId | null, body: Json): NewFact {
  return fact(pass, 'witness.change-asked', witness, body);
}

/** About a key, or about the operation. */
function fact(pass: RoomPass, kind: NewFact['kind'], witness: WitnessId | null, body: Json): NewFact {
  const object =
    witness === null ? { kind: 'operation', id: pass.operation } : { kind: 'witness', id: witness };
  return { kind, object, compartment: pass.main, body };
}
