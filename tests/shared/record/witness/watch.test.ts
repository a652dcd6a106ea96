import { expect, test } from 'vitest';

import { base64 } from '#shared/kernel/encoding.ts';
import { signCheckpoint } from '#shared/record/checkpoint.ts';
import { formatVkey, noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { type HashReader, proveConsistency } from '#shared/record/proof.ts';
import { Frontier } from '#shared/record/tree.ts';
import { compareCheckpoints } from '#shared/record/witness/compare.ts';
import { evidenceOf, evidenceText } from '#shared/record/witness/evidence.ts';
import { readStatements } from '#shared/record/witness/statements.ts';
import { type Pin, type Shown, watchCheckpoint } from '#shared/record/witness/watch.ts';
import { LOG_VKEY, log } from '../export-samples.ts';
import { numberedLeaves, ORIGIN, treeHash } from '../samples.ts';

const honest = numberedLeaves(40);
const rewritten = honest.map((leaf, at) => (at === 5 ? new Uint8Array(32).fill(9) : leaf));

function readerOf(leaves: readonly Uint8Array[]): HashReader {
  return {
    read: async (subtrees) =>
      subtrees.map(({ level, index }) =>
        treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
      ),
  };
}

async function shown(leaves: readonly Uint8Array[], size: number, since: number, key = log): Promise<Shown> {
  const tree = new Frontier();
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  const proof = since <= size ? await proveConsistency(readerOf(leaves), since, size) : [];
  return {
    note: signCheckpoint(key, { origin: ORIGIN, size, root: tree.root() }),
    vkey: formatVkey(noteKey(key, signatureTypes.log)),
    consistency: proof.map(base64),
  };
}

async function pinAt(size: number): Promise<Pin> {
  const watched = watchCheckpoint(await shown(honest, size, 0), ORIGIN, null);
  if (watched.state !== 'held') throw new Error(watched.state);
  return watched.pin;
}

test('[RC-61] a record that only grows is held, from the first sight on and at every size', async () => {
  let pin: Pin | null = null;
  for (let size = 1; size <= 40; size++) {
    const watched = watchCheckpoint(await shown(honest, size, pin?.size ?? 0), ORIGIN, pin);
    expect(watched).toMatchObject({ state: 'held', first: pin === null, checkpoint: { size } });
    pin = watched.state === 'held' ? watched.pin : pin;
  }
  expect(watchCheckpoint({ note: null, vkey: null, consistency: [] }, ORIGIN, null)).toEqual({
    state: 'unsigned',
  });
});

test('[RC-61] [RC-63] a rewritten, shorter, vanished or otherwise signed record is not, each by its name', async () => {
  const pin = await pinAt(20);
  const other = signerFromSeed(ORIGIN, new Uint8Array(32).fill(7));
  const look = async (given: Promise<Shown>) => watchCheckpoint(await given, ORIGIN, pin);
  expect(await look(shown(rewritten, 20, 20))).toEqual({ state: 'forked', reason: 'proof-root-mismatch' });
  expect(await look(shown(rewritten, 33, 20))).toEqual({ state: 'forked', reason: 'proof-root-mismatch' });
  expect(await look(shown(honest, 19, 20))).toEqual({
    state: 'rolled-back',
    reason: 'checkpoint-went-backwards',
  });
  const gone = { note: null, vkey: LOG_VKEY, consistency: [] };
  expect(watchCheckpoint(gone, ORIGIN, pin)).toEqual({ state: 'rolled-back', reason: 'checkpoint-gone' });
  expect(await look(shown(honest, 20, 20, other))).toMatchObject({ state: 'key-changed', known: LOG_VKEY });
  const noProof = { ...(await shown(honest, 33, 20)), consistency: [] };
  expect(watchCheckpoint(noProof, ORIGIN, pin)).toMatchObject({ state: 'forked' });
  const forged = { ...(await shown(honest, 33, 20)), note: (await shown(honest, 33, 20, other)).note };
  expect(watchCheckpoint(forged, ORIGIN, pin)).toEqual({ state: 'bad', reason: 'note-no-known-signer' });
});

test('[RC-63] [RC-69] evidence holds both notes, and two notes of one size and key are proof by themselves', async () => {
  const pin = await pinAt(20);
  const fork = await shown(rewritten, 20, 20);
  const given = { pin, shown: fork, origin: ORIGIN, seenAt: '2026-11-24T12:00:00.000Z' };
  const evidence = evidenceOf(watchCheckpoint(fork, ORIGIN, pin), given);
  if (evidence === null) throw new Error('no evidence');
  expect(readStatements(evidenceText(evidence))).toEqual([
    { note: pin.note, vkey: LOG_VKEY },
    { note: fork.note, vkey: LOG_VKEY },
  ]);
  const honestLook = await shown(honest, 30, 20);
  expect(evidenceOf(watchCheckpoint(honestLook, ORIGIN, pin), { ...given, shown: honestLook })).toBeNull();
  const at = (leaves: readonly Uint8Array[], size: number) => ({
    origin: ORIGIN,
    size,
    root: treeHash(leaves.slice(0, size)),
  });
  expect(compareCheckpoints(at(honest, 20), at(rewritten, 20), null)).toEqual({
    verdict: 'contradict',
    at: 20,
  });
  expect(compareCheckpoints(at(honest, 20), at(honest, 20), null)).toEqual({ verdict: 'agree', at: 20 });
  expect(compareCheckpoints(at(honest, 30), at(rewritten, 20), null)).toMatchObject({ verdict: 'undecided' });
  expect(compareCheckpoints(at(honest, 30), at(rewritten, 20), at(honest, 20).root)).toEqual({
    verdict: 'contradict',
    at: 20,
  });
});
