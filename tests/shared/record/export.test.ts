import { expect, test } from 'vitest';

import { base64, utf8 } from '#shared/kernel/encoding.ts';
import { signCheckpoint } from '#shared/record/checkpoint.ts';
import { encodeEntry } from '#shared/record/entry.ts';
import { explainFault } from '#shared/record/export/faults.ts';
import type { ExportedEntry } from '#shared/record/export/lines.ts';
import { verifyExport } from '#shared/record/export/verify.ts';
import { formatVkey, noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { signNote } from '#shared/record/note.ts';
import { Frontier, leafHash } from '#shared/record/tree.ts';
import {
  LOG_VKEY,
  linesOf,
  log,
  shown,
  sixEntries,
  source,
  WITNESS_VKEY,
  WITNESSED_AT,
  witness,
} from './export-samples.ts';
import { draft, ORIGIN, START, sample } from './samples.ts';

const six = source(sixEntries());
const summary = {
  ok: true,
  origin: ORIGIN,
  from: 0,
  size: 6,
  root: six.checkpoint.split('\n')[2],
  withheld: 1,
  opened: 4,
  first: START,
  last: START + 5,
  signer: 'not authenticated',
  key: LOG_VKEY,
  witnessed: [],
  quorum: null,
  rootAt: null,
};

test('[RC-18] an export is a header, one line an entry, the checkpoint and the seal', async () => {
  const lines = await linesOf(six);
  const names = lines.map((line) => Object.keys(JSON.parse(line)).join());
  expect(names).toEqual([
    'format,from,frontier,key,origin,size,z',
    ...['e,h,p,s,z', 'e,h,p,s,z', 'e,h,p,s,z', 'h,z', 'e,h,p,s,z', 'e,h,p,s,z'],
    'checkpoint,z',
    'seal',
  ]);
  expect(await verifyExport(lines)).toEqual(summary);
});

test('[RC-18] verification does not depend on how the bytes arrive', async () => {
  const bytes = utf8((await linesOf(six)).join(''));
  const singly = Array.from(bytes, (byte) => Uint8Array.of(byte));
  expect(await verifyExport(singly)).toEqual(summary);
  const seen: number[] = [];
  expect(await verifyExport(await linesOf(six), { onProgress: ({ done }) => seen.push(done) })).toEqual(
    summary,
  );
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('[RC-18] a record without entries can be exported', async () => {
  const lines = await linesOf(source([]));
  expect(await verifyExport(lines)).toMatchObject({ ok: true, size: 0, first: null, last: null });
});

test('[RC-25] the signer is authenticated only by a key from outside the file', async () => {
  const lines = await linesOf(six);
  const known = { vkey: LOG_VKEY, witnesses: [WITNESS_VKEY] };
  expect(await verifyExport(lines, known)).toEqual({
    ...summary,
    signer: 'authenticated',
    witnessed: [{ name: witness.name, at: WITNESSED_AT }],
  });
  const forger = signerFromSeed(ORIGIN, new Uint8Array(32).fill(66));
  const key = formatVkey(noteKey(forger, signatureTypes.log));
  const forged = source(sixEntries(), {
    key,
    checkpoint: signCheckpoint(forger, { origin: ORIGIN, size: 6, root: rootOf(sixEntries()) }),
    seal: (text) => signNote(forger, text),
  });
  expect(await verifyExport(await linesOf(forged))).toEqual({ ...summary, key });
  const differs = { ok: false, reason: 'key-differs', at: null, line: 1 };
  expect(await verifyExport(await linesOf(forged), { vkey: LOG_VKEY })).toEqual(differs);
  for (const vkey of ['', WITNESS_VKEY]) {
    expect(await verifyExport(lines, { vkey })).toEqual({ ...differs, reason: 'key-malformed' });
  }
});

test('[RC-24] a checkpoint of another root, size or record is refused', async () => {
  const refused = async (checkpoint: string) => {
    const verdict = await verifyExport(await linesOf(source(sixEntries(), { checkpoint })));
    return verdict.ok ? 'accepted' : [verdict.reason, verdict.at, verdict.line];
  };
  const root = rootOf(sixEntries());
  const other = signerFromSeed('hub.example/hub', new Uint8Array(32).fill(1));
  expect(await refused(signCheckpoint(log, { origin: ORIGIN, size: 6, root: new Uint8Array(32) }))).toEqual([
    'root-mismatch',
    null,
    8,
  ]);
  expect(await refused(signCheckpoint(log, { origin: ORIGIN, size: 5, root }))).toEqual([
    'checkpoint-differs',
    null,
    8,
  ]);
  expect(await refused(signCheckpoint(other, { origin: other.name, size: 6, root }))).toEqual([
    'note-no-known-signer',
    null,
    8,
  ]);
  expect(await refused(signNote(log, `${ORIGIN}\n6\n`))).toEqual(['checkpoint-malformed', null, 8]);
  expect(await refused('nonsense')).toEqual(['note-malformed', null, 8]);
});

test('[RC-21] a seal of another file, or with more signatures, is refused', async () => {
  const refused = async (seal: (text: string) => string) => {
    const verdict = await verifyExport(await linesOf(source(sixEntries(), { seal })));
    return verdict.ok ? 'accepted' : [verdict.reason, verdict.at, verdict.line];
  };
  const fewer = await linesOf(source(sixEntries().slice(0, 5)));
  const stolen: string = JSON.parse(fewer.at(-1) ?? '').seal;
  expect(await refused(() => stolen)).toEqual(['seal-differs', null, 9]);
  expect(await refused((text) => `${signNote(log, text)}— stranger.example AAAAAAAA\n`)).toEqual([
    'note-too-many-signatures',
    null,
    9,
  ]);
  expect(await refused((text) => signNote(witness, text))).toEqual(['note-no-known-signer', null, 9]);
});

test('[RC-22] an entry altered in the store is named, even in an export made and signed afterwards', async () => {
  const entries = sixEntries();
  entries[2] = { leaf: shown(2).leaf, entry: sample(2, { outcome: 'refused' }).entry, content: null };
  const made = await linesOf(source(entries));
  expect(await verifyExport(made)).toEqual({ ok: false, reason: 'entry-hash-differs', at: 2, line: 4 });
});

test('[RC-23] an entry in the wrong place, log, time or form is named', async () => {
  const refused = async (bytes: Uint8Array) => {
    const entries = sixEntries();
    entries[2] = { leaf: leafHash(bytes), entry: bytes, content: null };
    const verdict = await verifyExport(await linesOf(source(entries)));
    return verdict.ok ? 'accepted' : [verdict.reason, verdict.at, verdict.line];
  };
  const { pc, pl } = { pc: `${'A'.repeat(43)}=`, pl: 0 };
  expect(await refused(encodeEntry(draft, 3, { pc, pl }))).toEqual(['entry-out-of-place', 2, 4]);
  expect(await refused(sample(2, { log: 'hub.example/op/other' }).entry)).toEqual([
    'entry-foreign-log',
    2,
    4,
  ]);
  expect(await refused(sample(2, { at: START }).entry)).toEqual(['entry-goes-back-in-time', 2, 4]);
  expect(await refused(sample(2, { at: START + 1 }).entry)).toBe('accepted');
  expect(await refused(utf8('{}'))).toEqual(['entry-unknown-version', 2, 4]);
});

test('[RC-23] content that the entry does not commit to is refused', async () => {
  const refused = async (content: { salt: Uint8Array; payload: Uint8Array }) => {
    const entries = sixEntries();
    entries[2] = { leaf: shown(2).leaf, entry: sample(2).entry, content };
    const verdict = await verifyExport(await linesOf(source(entries)));
    return verdict.ok ? 'accepted' : [verdict.reason, verdict.at, verdict.line];
  };
  const { salt, payload } = sample(2);
  expect(await refused({ salt, payload })).toBe('accepted');
  expect(await refused({ salt, payload: utf8('other') })).toEqual(['entry-content-differs', 2, 4]);
  expect(await refused({ salt: new Uint8Array(32), payload })).toEqual(['entry-content-differs', 2, 4]);
  expect(await refused({ salt: new Uint8Array(31), payload })).toEqual(['line-malformed', 2, 4]);
});

test('[RC-26] an export may begin later: the hashes before it stand for the rest', async () => {
  const before = new Frontier();
  for (const { leaf } of sixEntries().slice(0, 3)) before.append(leaf);
  const later = { ...six, from: 3, frontier: before.hashes, entries: sixEntries().slice(3) };
  const { root, size } = summary;
  expect(await verifyExport(await linesOf(later))).toMatchObject({
    ok: true,
    from: 3,
    size,
    root,
    opened: 2,
  });

  const wrong = await linesOf({ ...later, frontier: [leafHash(utf8('x')), ...before.hashes.slice(1)] });
  expect(await verifyExport(wrong)).toEqual({ ok: false, reason: 'root-mismatch', at: null, line: 5 });
  const fewer = await linesOf({ ...later, frontier: before.hashes.slice(1) });
  expect(await verifyExport(fewer)).toEqual({ ok: false, reason: 'line-malformed', at: null, line: 1 });
});

test('[RC-18] a writer that is given too few entries does not sign', async () => {
  await expect(linesOf({ ...six, entries: sixEntries().slice(1) })).rejects.toThrow('every place');
});

test('[RC-18] every fault has its sentence', () => {
  expect(explainFault('root-mismatch')).toBe('the entries do not add up to the root that was signed');
  expect(explainFault('entry-field-by')).toBe('the entry\'s field "by" is missing, unknown or malformed');
  expect(base64(rootOf(sixEntries()))).toBe(summary.root);
});

function rootOf(entries: readonly ExportedEntry[]): Uint8Array {
  const tree = new Frontier();
  for (const { leaf } of entries) tree.append(leaf);
  return tree.root();
}
