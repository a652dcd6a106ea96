import { expect, test } from 'vitest';

import { checkTrust, type Trust } from '#client/features/review/verify/trust.ts';
import { hubStanding } from '#client/features/review/witnesses/hub-standing.ts';
import { OLD, staleIn, UNSIGNED, waitingIn } from '#client/features/review/witnesses/standing.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import { checkpointText, signCheckpoint } from '#shared/record/checkpoint.ts';
import { cosign } from '#shared/record/cosignature.ts';
import { formatVkey, noteKey, type Signer, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { proveConsistency } from '#shared/record/proof.ts';
import { writePolicy } from '#shared/record/witness/policy.ts';
import { LOG_VKEY, log } from '#tests/shared/record/export-samples.ts';
import { numberedLeaves, ORIGIN, treeHash } from '#tests/shared/record/samples.ts';

const leaves = numberedLeaves(20);
const other = leaves.map((leaf, at) => (at === 2 ? new Uint8Array(32).fill(3) : leaf));
const [sg, th, browser] = ['witness/SG', 'witness/TH', 'officer-browser/SG'].map((name, at) =>
  signerFromSeed(name, new Uint8Array(32).fill(40 + at)),
) as [Signer, Signer, Signer];
const AT = 1_795_435_200;
const policy = writePolicy(
  [noteKey(log, signatureTypes.log)],
  [sg, th].map((signer) => noteKey(signer, signatureTypes.cosigner)),
  2,
);

function note(of: readonly Uint8Array[], size: number, by: readonly Signer[] = []): string {
  const checkpoint = { origin: ORIGIN, size, root: treeHash(of.slice(0, size)) };
  const lines = by.map((signer, at) => cosign(signer, checkpointText(checkpoint), AT + at));
  return signCheckpoint(log, checkpoint) + lines.join('');
}

async function proof(from: number, to: number): Promise<string[]> {
  const read = async (subtrees: readonly { level: number; index: number }[]) =>
    subtrees.map(({ level, index }) => treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)));
  return (await proveConsistency({ read }, from, to)).map(base64);
}

const known = { origin: ORIGIN, pin: null, policy, seenAt: '2026-11-24T12:00:00.000Z' };
const shown = { vkey: LOG_VKEY, size: 20, head: 20, signedAt: '2026-11-24T11:59:59.000Z', consistency: [] };

test('[RC-68] the page weighs by the policy it holds, and believes no cosigned checkpoint outside the newest one', async () => {
  const cosigned = { note: note(leaves, 12, [sg, th]), size: 12, consistency: await proof(12, 20) };
  const reply = { ...shown, note: note(leaves, 20, [sg]), cosigned };
  expect(checkTrust(reply, known)).toMatchObject({
    state: 'held',
    quorum: { met: true, size: 12, at: AT, need: 2, of: 2 },
  });
  expect(checkTrust({ ...reply, note: note(leaves, 20, [th, sg]) }, known)).toMatchObject({
    quorum: { met: true, size: 20 },
  });
  expect(checkTrust({ ...reply, cosigned: null }, known)).toMatchObject({
    quorum: { met: false, size: 20, missing: ['witness/TH'] },
  });
  expect(checkTrust(reply, { ...known, policy: null })).toMatchObject({ state: 'held', quorum: null });

  const forked = { ...reply, cosigned: { ...cosigned, note: note(other, 12, [sg, th]) } };
  expect(checkTrust(forked, known)).toMatchObject({
    state: 'forked',
    evidence: { reason: 'cosigned-proof-root-mismatch', known: { size: 12 }, shown: { note: reply.note } },
  });
  const unsigned = { ...reply, cosigned: { ...cosigned, note: cosigned.note.replace(/— hub.*\n/, '') } };
  expect(checkTrust(unsigned, known)).toEqual({ state: 'bad', reason: 'note-no-known-signer' });
});

test('[RC-66] [RC-68] what officers’ browsers cosigned makes no quorum on the page', async () => {
  const reply = { ...shown, note: note(leaves, 20, [sg, browser]), cosigned: null };
  expect(checkTrust(reply, known)).toMatchObject({ state: 'held', quorum: { met: false } });
});

test('[RC-68] a quorum older than 15 minutes is an alarm while the operation is live, by the witnesses’ own time', () => {
  const trust = checkTrust({ ...shown, note: note(leaves, 20, [sg, th]), cosigned: null }, known);
  const at = AT * 1000;
  const given = { trust, live: true, waiting: null, policyAt: at - 5_000 };
  expect(staleIn({ ...given, now: at + OLD })).toBeNull();
  expect(staleIn({ ...given, now: at + OLD + 1 })).toEqual({ what: 'quorum', since: at });
  expect(staleIn({ ...given, now: at + OLD + 1, live: false }), 'a closed operation rests').toBeNull();
  expect(staleIn({ ...given, now: at + OLD + 1, policyAt: at + 1 }), 'the policy is young').toBeNull();
  expect(staleIn({ ...given, now: at + OLD + 1, policyAt: null }), 'nobody asked for a quorum').toBeNull();
  const short = checkTrust({ ...shown, note: note(leaves, 20, [sg]), cosigned: null }, known);
  expect(staleIn({ ...given, trust: short, now: given.policyAt + OLD + 1 })).toEqual({
    what: 'quorum',
    since: given.policyAt,
  });
});

test('[RC-68] entries that wait too long for the record’s own signature are an alarm', () => {
  const trust: Trust = checkTrust(
    { ...shown, note: note(leaves, 20), cosigned: null },
    { ...known, policy: null },
  );
  // The record was quiet for long: what comes then has not waited yet.
  const now = Date.parse(shown.signedAt) + UNSIGNED * 10;
  const given = { trust, live: true, policyAt: null };
  expect(waitingIn(null, { head: 20, size: 20, now }), 'nothing waits').toBeNull();
  const first = waitingIn(null, { head: 21, size: 20, now });
  expect(first).toEqual({ since: now, head: 21 });
  expect(staleIn({ ...given, waiting: first, now: now + UNSIGNED })).toBeNull();
  const still = waitingIn(first, { head: 25, size: 20, now: now + UNSIGNED + 1 });
  expect(still).toBe(first);
  expect(staleIn({ ...given, waiting: still, now: now + UNSIGNED + 1 })).toEqual({
    what: 'signer',
    since: now,
  });
  const signedOn = waitingIn(first, { head: 25, size: 21, now: now + UNSIGNED + 1 });
  expect(signedOn, 'others wait, but not for long').toEqual({ since: now + UNSIGNED + 1, head: 25 });
  expect(waitingIn(first, { head: 25, size: 25, now: now + UNSIGNED + 1 })).toBeNull();
});

test('[RC-83] the hub’s record is weighed by the policy this browser holds, under the hub’s key it pinned', () => {
  const name = 'hub.example/hub';
  const hubLog = signerFromSeed(name, new Uint8Array(32).fill(60));
  const key = noteKey(hubLog, signatureTypes.log);
  const tree = { origin: name, size: 9, root: treeHash(leaves.slice(0, 9)) };
  const by = (...cosigners: Signer[]) =>
    signCheckpoint(hubLog, tree) + cosigners.map((one) => cosign(one, checkpointText(tree), AT)).join('');
  const reply = (of: string | null) => ({
    anchor: null,
    vkey: formatVkey(key),
    cosigned: of === null ? null : { note: of, size: 9, consistency: [] },
  });
  const met = { state: 'met', size: 9, at: AT * 1000, have: 2, of: 2 };
  expect(hubStanding({ reply: reply(by(sg, th)), key, policy })).toEqual(met);
  expect(hubStanding({ reply: reply(by(sg, browser)), key, policy })).toEqual({ state: 'none' });
  expect(hubStanding({ reply: reply(null), key, policy })).toEqual({ state: 'none' });
  expect(hubStanding({ reply: reply(by(sg, th)), key, policy: null })).toEqual({ state: 'no-policy' });
  expect(hubStanding({ reply: reply(by(sg, th)), key: null, policy })).toEqual({
    state: 'bad',
    reason: 'key-changed',
  });
  const unsigned = by(sg, th).replace(/— hub.*\n/, '');
  expect(hubStanding({ reply: reply(unsigned), key, policy })).toEqual({
    state: 'bad',
    reason: 'note-no-known-signer',
  });
});
