import { peopleById } from '#server/features/identity/index.ts';
import type { Person } from '#shared/contracts/common.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { type Certificate, certificateText, type Decider } from '#shared/record/certificate.ts';

import type { PurgerDeps } from './purger.ts';
import { putCertificate, uncertified } from './store.ts';

/** How long one try waits for a checkpoint over the purge, and for the signature. */
const PATIENCE = 5_000;

/** Has the certificate signed when a signer is at work; otherwise the next sweep tries again. [LC-22] */
export async function certify(deps: PurgerDeps, operation: OperationId): Promise<void> {
  const { store, vouching } = deps;
  const found = await store.read(async (tx) => {
    const purge = await uncertified(tx, operation);
    if (purge === null) return null;
    return { purge, people: await peopleById(tx, [purge.asked_by, purge.confirmed_by]) };
  });
  if (found === null) return;
  const { purge, people } = found;
  const { origin, done_seq, done_ms, destroyed } = purge;
  invariant(done_seq !== null && done_ms !== null, 'a purge that is over without an end');
  const checkpoint = await vouching.cover(operation, done_seq + 1, PATIENCE);
  if (checkpoint === null) return;
  const certificate: Certificate = {
    origin,
    operation: { id: operation, name: purge.name },
    record: { size: checkpoint.size, root: base64(checkpoint.root) },
    below: purge.purged_below,
    done: done_seq,
    destroyed: { contents: destroyed.contents ?? {}, rows: destroyed.rows ?? {} },
    asked: decider(people.get(purge.asked_by), purge.asked_ms),
    confirmed: decider(people.get(purge.confirmed_by), purge.confirmed_ms),
    reason: purge.reason,
    doneAt: isoTime(done_ms),
  };
  const text = certificateText(certificate);
  const note = await vouching.seal({ log: operation, origin, seq: done_seq, text }, PATIENCE);
  if (note !== null) await store.write((tx) => putCertificate(tx, operation, note));
}

function decider(person: Person | undefined, at: number): Decider {
  invariant(person !== undefined, 'a purge decided by nobody');
  const { officer, name, desk, country } = person;
  return { officer, name, desk, country, at: isoTime(at) };
}
