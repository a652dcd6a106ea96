import type { WitnessPass } from '#server/platform/access.ts';
import type { LogId } from '#server/platform/facts.ts';
import { command, type Handler, query } from '#server/platform/http/commands.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import {
  browserAtWork,
  checkpointAt,
  checkpointForWitness,
  type KnownWitness,
  keepCosignature,
  witnessAtWork,
} from '#server/record/cosignatures.ts';
import { headOf } from '#server/record/read.ts';
import { proofReader } from '#server/record/tree-nodes.ts';
import type { Vouching } from '#server/record/vouching.ts';
import {
  cosignAsWitness,
  cosignHubAsWitness,
  cosignInBrowser,
  readForWitness,
  readHubForWitness,
} from '#shared/contracts/witnesses.ts';
import { base64, hex } from '#shared/kernel/encoding.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';
import { parseVkey } from '#shared/record/keys.ts';
import { parseNote, verifyNote } from '#shared/record/note.ts';
import { proveConsistency } from '#shared/record/proof.ts';

/** Clocks of witnesses may be off by this much; what says more is not believed. */
const SKEW_SECONDS = 300;

type Given = { readonly checkpoint: string; readonly line: string };

/** What witnesses read, and what they and officers' browsers hand in. [RC-57] [RC-58] [RC-60] [RC-81] */
export function cosignHandlers(vouching: Vouching): Handler[] {
  return [
    query({
      call: readForWitness,
      read: (tx, { witness, now }, { since }) => shown(tx, vouching, { ...ownRecord(witness), since, now }),
    }),
    query({
      call: readHubForWitness,
      async read(tx, { witness, now }, { since }) {
        return shown(tx, vouching, { ...(await hubRecord(tx, witness)), since, now });
      },
    }),
    command({
      call: cosignAsWitness,
      async act(tx, { witness, now }, given) {
        return {
          facts: [],
          reply: { size: await takeFrom(tx, witness, { log: witness.operation, given, now }) },
        };
      },
    }),
    command({
      call: cosignHubAsWitness,
      async act(tx, { witness, now }, given) {
        return { facts: [], reply: { size: await takeFrom(tx, witness, { log: 'hub', given, now }) } };
      },
    }),
    command({
      call: cosignInBrowser,
      async act(tx, { pass, now }, given) {
        const [signature] = parseNote(`${given.checkpoint}\n${given.line}`)?.signatures ?? [];
        if (signature === undefined) throw refuse('cosignature.refused', { where: 'line' });
        const desk = pass.session.desk.id;
        const known = await browserAtWork(tx, pass.operation, { desk, keyId: hex(signature.id) });
        if (known === null) throw refuse('cosignature.refused', { where: 'line' });
        return { facts: [], reply: { size: await take(tx, pass.operation, { known, given, now }) } };
      },
    }),
  ];
}

type Record = { readonly log: LogId; readonly origin: string; readonly operation: OperationId };

function ownRecord({ operation, origin }: WitnessPass): Record {
  return { log: operation, origin, operation };
}

/** The hub's own: its size and root, which say no more than how much happens on the hub. [RC-81] */
async function hubRecord(tx: Tx, { operation }: WitnessPass): Promise<Record> {
  const hub = await headOf(tx, 'hub');
  invariant(hub !== null, 'a hub without a record');
  return { log: 'hub', origin: hub.origin, operation };
}

async function shown(
  tx: Tx,
  vouching: Vouching,
  given: Record & { readonly since: number; readonly now: number },
) {
  const { log, origin, operation, since, now } = given;
  const vkey = await vouching.keyOf(tx, log, origin);
  const held = await checkpointForWitness(tx, log, { operation, since, now });
  if (held === null) return { origin, note: null, vkey, consistency: [] };
  const { size, note } = held;
  const proof = since <= size ? await proveConsistency(proofReader(tx, log), since, size) : [];
  return { origin, note, vkey, consistency: proof.map(base64) };
}

async function takeFrom(
  tx: Tx,
  { operation, witness }: WitnessPass,
  { log, given, now }: { log: LogId; given: Given; now: number },
): Promise<number> {
  const known = await witnessAtWork(tx, operation, witness);
  if (known?.kind !== 'witness') throw refuse('witness.refused');
  return take(tx, log, { known, given, now });
}

/** Kept only when the text is exactly what the record's signer published, and the line holds under the registered key. [RC-58] */
async function take(
  tx: Tx,
  log: LogId,
  { known, given, now }: { known: KnownWitness; given: Given; now: number },
): Promise<number> {
  const { checkpoint, line } = given;
  const size = parseCheckpoint(checkpoint)?.size;
  const published = size === undefined ? null : await checkpointAt(tx, log, size);
  if (published === null || parseNote(published.note)?.text !== checkpoint)
    throw refuse('cosignature.refused', { where: 'checkpoint' });
  const key = parseVkey(known.vkey);
  const verified = verifyNote(`${checkpoint}\n${line}`, key === null ? [] : [key]);
  const [signer, ...more] = verified.ok ? verified.signers : [];
  const alone = verified.ok && verified.unknown === 0 && more.length === 0;
  if (!alone || signer === undefined || signer.at === null)
    throw refuse('cosignature.refused', { where: 'line' });
  if (Math.abs(signer.at - now / 1000) > SKEW_SECONDS)
    throw refuse('cosignature.refused', {
      where: 'time',
      what: 'its clock is off by more than five minutes',
    });
  await keepCosignature(tx, { log, size: published.size, witness: known.id, at: signer.at, line }, now);
  return published.size;
}
