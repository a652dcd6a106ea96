import { expect, test } from 'vitest';

import { base64 } from '#shared/kernel/encoding.ts';
import { checkpointText, parseCheckpoint, signCheckpoint } from '#shared/record/checkpoint.ts';
import { noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { checkProofFile, formatProofFile, parseProofFile } from '#shared/record/proof-file.ts';
import { parseReceipt, receiptKeyName, signReceipt } from '#shared/record/receipt.ts';
import { Frontier, leafHash } from '#shared/record/tree.ts';
import { ORIGIN, sample } from './samples.ts';

const root = new Uint8Array(32).fill(9);
const log = signerFromSeed(ORIGIN, new Uint8Array(32).fill(1));
const logKey = noteKey(log, signatureTypes.log);

test('[RC-12] a checkpoint is three lines: origin, size, root', () => {
  const text = checkpointText({ origin: ORIGIN, size: 70_000, root });
  expect(text).toBe(`${ORIGIN}\n70000\n${base64(root)}\n`);
  expect(parseCheckpoint(text)).toEqual({ origin: ORIGIN, size: 70_000, root });
});

test('[RC-12] a checkpoint text with anything else in it is refused', () => {
  const text = checkpointText({ origin: ORIGIN, size: 7, root });
  const bad = [
    text.trimEnd(),
    `${text}extension\n`,
    text.replace('\n7\n', '\n07\n'),
    text.replace('\n7\n', '\n-7\n'),
    text.replace('\n7\n', '\n9007199254740992\n'),
    text.replace(ORIGIN, 'hub example'),
    text.replace('=\n', '\n'),
    text.replace(base64(root), base64(root.subarray(1))),
  ];
  expect(bad.map(parseCheckpoint)).toEqual(bad.map(() => null));
  expect(() => signCheckpoint(log, { origin: 'other.example/op/1', size: 7, root })).toThrow(
    'named like its origin',
  );
});

test('[RC-14] a receipt states origin, time, and place and leaf of each entry, under a key of its own', () => {
  const entries = [
    { index: 41, leaf: root },
    { index: 43, leaf: leafHash(root) },
  ];
  const receipt = { origin: ORIGIN, at: 1_795_435_200, entries };
  const signer = signerFromSeed(receiptKeyName('hub.example/hub'), new Uint8Array(32).fill(3));
  const note = signReceipt(signer, receipt);
  const text = `muster-receipt/v2\n${ORIGIN}\n1795435200\n41 ${base64(root)}\n43 ${base64(leafHash(root))}\n`;
  expect(verifyNote(note, [noteKey(signer, signatureTypes.log)])).toMatchObject({ ok: true, text });
  expect(parseReceipt(text)).toEqual(receipt);
  expect(() => signReceipt(log, receipt)).toThrow('key for receipts');
  expect(() => signReceipt(signer, { ...receipt, entries: [...entries].reverse() })).toThrow('rise');
  for (const other of [
    text.replace('v2', 'v1'),
    text.replace('\n41 ', '\n041 '),
    text.replace('\n41 ', '\n43 '),
    text.replace('\n41 ', '\n41  '),
    text.split('\n').slice(0, 3).join('\n').concat('\n'),
    `${text}more\n`,
    `${text}\n`,
  ]) {
    expect(parseReceipt(other)).toBeNull();
  }
  expect(parseCheckpoint(text)).toBeNull();
});

test('[RC-15] a proof file is index, path and checkpoint, and proves its entry only', () => {
  const [one, two] = [sample(0).entry, sample(1).entry];
  const frontier = new Frontier();
  for (const entry of [one, two]) frontier.append(leafHash(entry));
  const checkpoint = signCheckpoint(log, { origin: ORIGIN, size: 2, root: frontier.root() });
  const proof = { index: 1, hashes: [leafHash(one)], checkpoint };
  const file = formatProofFile(proof);
  expect(file).toBe(`c2sp.org/tlog-proof@v1\nindex 1\n${base64(leafHash(one))}\n\n${checkpoint}`);
  expect(parseProofFile(file)).toEqual(proof);

  expect(checkProofFile(file, two, { log: logKey })).toEqual({
    ok: true,
    index: 1,
    checkpoint: { origin: ORIGIN, size: 2, root: frontier.root() },
    signers: [ORIGIN],
  });
  expect(checkProofFile(file, one, { log: logKey })).toEqual({ ok: false, reason: 'proof-root-mismatch' });
  const stranger = noteKey(signerFromSeed(ORIGIN, new Uint8Array(32).fill(4)), signatureTypes.log);
  expect(checkProofFile(file, two, { log: stranger })).toEqual({ ok: false, reason: 'note-no-known-signer' });
});

test('[RC-15] a proof file may carry extra bytes, and has one spelling', () => {
  const checkpoint = signCheckpoint(log, { origin: ORIGIN, size: 1, root });
  const proof = { index: 0, hashes: [], checkpoint, extra: root };
  const file = formatProofFile(proof);
  expect(file.split('\n').slice(0, 3)).toEqual([
    'c2sp.org/tlog-proof@v1',
    `extra ${base64(root)}`,
    'index 0',
  ]);
  expect(parseProofFile(file)).toEqual(proof);
  const bad = [
    '',
    file.replace('@v1', '@v2'),
    file.replace('index 0', 'index 00'),
    file.replace('index 0\n', 'index 0\nAAAA\n'),
    file.replace('extra ', 'extra  '),
    file.replace('index 0', 'place 0'),
  ];
  expect(bad.map(parseProofFile)).toEqual(bad.map(() => null));
});
