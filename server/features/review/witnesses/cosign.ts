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
import { proofReader } from '#server/record/tree-nodes.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { cosignAsWitness, cosignInBrowser, readForWitness } from '#shared/contracts/witnesses.ts';
import { base64, hex } from '#shared/kernel/encoding.ts';
import { refuse } from '#shared/kernel/failures.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';
import { parseVkey } from '#shared/record/keys.ts';
import { parseNote, verifyNote } from '#shared/record/note.ts';
import { proveConsistency } from '#shared/record/proof.ts';

/** Clocks of witnesses may be off by this much; what says more is not believed. */
const SKEW_SECONDS = 300;

type Given = { readonly checkpoint: string; readonly line: string };

/** What witnesses read, and what they and officers' browsers hand in. [RC-57] [RC-58] [RC-60] */
export function cosignHandlers(vouching: Vouching): Handler[] {
  return [
    query({
      call: readForWitness,
      async read(tx, { witness, now }, { since }) {
        const { operation, origin } = witness;
        const vkey = await vouching.keyOf(tx, operation, origin);
        const held = await checkpointForWitness(tx, operation, { since, now });
        if (held === null) return { origin, note: null, vkey, consistency: [] };
        const { size, note } = held;
        const proof = since <= size ? await proveConsistency(proofReader(tx, operation), since, size) : [];
        return { origin, note, vkey, consistency: proof.map(base64) };
      },
    }),
    command({
      call: cosignAsWitness,
      async act(tx, { witness, now }, given) {
        const known = await witnessAtWork(tx, witness.operation, witness.witness);
        if (known?.kind !== 'witness') throw refuse('witness.refused');
        return { facts: [], reply: { size: await take(tx, witness.operation, { known, given, now }) } };
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
