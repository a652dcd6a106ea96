import { expect, test } from 'vitest';

import { base64, concatBytes, fromBase64, utf8 } from '#shared/kernel/encoding.ts';
import { signCheckpoint } from '#shared/record/checkpoint.ts';
import { cosign } from '#shared/record/cosignature.ts';
import {
  formatVkey,
  type NoteKey,
  noteKey,
  parseVkey,
  signatureTypes,
  signerFromSeed,
} from '#shared/record/keys.ts';
import { addSignature, parseNote, signNote, verifyNote } from '#shared/record/note.ts';

const LOG_VKEY = 'vtf.example/op/7f3c+bad57879+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c';
const WITNESS_VKEY = 'witness.example/country-a+bea5f817+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU';
const TEXT = 'vtf.example/op/7f3c\n5\nXRv6ePsMO7UUEmRIBmp6yDbFNIpxJmQfVrWlsoOgUe4=\n';
const LOG_LINE =
  '— vtf.example/op/7f3c utV4efXylVDxHGABo8/RmvLgWkcLNmbCxQxGz7LtZkCYCefukHcgrdYAD2I4ApoVKTR6TPYT8wBF/AY+9Uyf/rA/sgY=\n';
const WITNESS_LINE =
  '— witness.example/country-a vqX4FwAAAABo53gATQu3NqMrMaaqezHIJ3TVPhOqDGv/dKrgI4vAobaWJzVhgmDLbZTTcsANquVV3o+WJzuhcyZCBfwooPcqjMZtAw==\n';
const WITNESSED_AT = 0x68e77800;

const log = signerFromSeed('vtf.example/op/7f3c', new Uint8Array(32).fill(1));
const witness = signerFromSeed('witness.example/country-a', new Uint8Array(32).fill(2));
const logKey = noteKey(log, signatureTypes.log);
const witnessKey = noteKey(witness, signatureTypes.cosigner);
const note = `${TEXT}\n${LOG_LINE}${WITNESS_LINE}`;

test('[RC-10] keys are written and read as the published vector has them', () => {
  expect([formatVkey(logKey), formatVkey(witnessKey)]).toEqual([LOG_VKEY, WITNESS_VKEY]);
  expect([parseVkey(LOG_VKEY), parseVkey(WITNESS_VKEY)]).toEqual([logKey, witnessKey]);
});

test('[RC-10] a key text with another name, id, type or length is refused', () => {
  const bad = [
    LOG_VKEY.replace('7f3c', '7f3d'),
    LOG_VKEY.replace('bad57879', 'bad57870'),
    LOG_VKEY.replace('AYqI', 'AoqI'),
    `${LOG_VKEY}AAAA`,
    LOG_VKEY.replace('vtf.example', 'vtf example'),
    '',
  ];
  expect(bad.map(parseVkey)).toEqual(bad.map(() => null));
});

test('[RC-10] [RC-12] [RC-13] the published checkpoint and cosignature are reproduced byte for byte', () => {
  const root = fromBase64('XRv6ePsMO7UUEmRIBmp6yDbFNIpxJmQfVrWlsoOgUe4=') ?? new Uint8Array();
  const signed = signCheckpoint(log, { origin: 'vtf.example/op/7f3c', size: 5, root });
  expect(addSignature(signed, cosign(witness, TEXT, WITNESSED_AT))).toBe(note);
});

test('[RC-11] a note is believed when a known key signed it; strangers are counted', () => {
  const byLog = { key: logKey, at: null };
  const byWitness = { key: witnessKey, at: WITNESSED_AT };
  expect(verifyNote(note, [logKey, witnessKey])).toEqual({
    ok: true,
    text: TEXT,
    signers: [byLog, byWitness],
    unknown: 0,
  });
  expect(verifyNote(note, [logKey])).toEqual({ ok: true, text: TEXT, signers: [byLog], unknown: 1 });
  expect(verifyNote(note, [])).toEqual({ ok: false, reason: 'note-no-known-signer' });
});

test('[RC-11] one known signer whose signature fails refuses the whole note', () => {
  const bad = { ok: false, reason: 'note-bad-signature' };
  expect(verifyNote(note.replace('\n5\n', '\n6\n'), [logKey])).toEqual(bad);
  expect(verifyNote(note.replace('vqX4FwAAAABo53gA', 'vqX4FwAAAABo53gB'), [logKey, witnessKey])).toEqual(bad);
  const short = `— ${witness.name} ${base64(concatBytes(witnessKey.id, new Uint8Array(71)))}\n`;
  expect(verifyNote(`${TEXT}\n${LOG_LINE}${short}`, [logKey, witnessKey])).toEqual(bad);
});

test('[RC-11] sixteen cosignatures and more are accepted, a flood is not', () => {
  const stranger = `— stranger.example ${base64(new Uint8Array(72).fill(9))}\n`;
  const crowd = (count: number) => `${TEXT}\n${stranger.repeat(count - 1)}${LOG_LINE}`;
  expect(verifyNote(crowd(17), [logKey]).ok).toBe(true);
  expect(verifyNote(crowd(129), [logKey])).toEqual({ ok: false, reason: 'note-too-many-signatures' });
});

test('[RC-13] a cosigner key does not pass for a log key, nor the other way round', () => {
  const wrong = (key: NoteKey) => noteKey(key, key.type === 1 ? 4 : 1);
  expect(verifyNote(note, [wrong(logKey), wrong(witnessKey)])).toEqual({
    ok: false,
    reason: 'note-no-known-signer',
  });
});

test('[RC-10] what is not a note is refused', () => {
  const malformed = [
    '',
    TEXT,
    `${TEXT}\n`,
    `\n\n${LOG_LINE}`,
    `${TEXT}\n${LOG_LINE.trimEnd()}`,
    `${TEXT}\n${LOG_LINE}\n`,
    `${TEXT}\n${LOG_LINE.replace('—', '-')}`,
    `${TEXT}\n${LOG_LINE.replace('=\n', '\n')}`,
    `${TEXT}\n— name AAAA\n`,
    `${TEXT}\n— na+me AAAAAAAA\n`,
    `bell \u0007\n\n${LOG_LINE}`,
  ];
  for (const each of malformed)
    expect(verifyNote(each, [logKey])).toEqual({ ok: false, reason: 'note-malformed' });
});

test('[RC-10] a text may have blank lines and any language', () => {
  const text = 'vtf.example/op/7f3c\n\nปฏิบัติการ\n';
  const signed = signNote(log, text);
  expect(parseNote(signed)?.text).toBe(text);
  expect(verifyNote(signed, [logKey]).ok).toBe(true);
  expect(() => signNote(log, 'no end of line')).toThrow('not the text of a note');
  expect(utf8(text).length).toBeGreaterThan(text.length);
});
