import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { base64 } from '#shared/kernel/encoding.ts';
import { cosign } from '#shared/record/cosignature.ts';
import { formatVkey, noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { parseNote } from '#shared/record/note.ts';
import { covered, growRecord, originOf, reviewBy } from '#tests/features/review/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { serviceFor } from '#tests/support/services.ts';

import { buildVerifier, type Verifier } from './support.ts';

const witness = signerFromSeed('witness.example/country-a', new Uint8Array(32).fill(9));
const witnessKey = formatVkey(noteKey(witness, signatureTypes.cosigner));

/* Nothing of what is checked here is checked by code of ours. */
describe.skipIf(serviceFor('go') === undefined)('a verifier in Go, on a running hub', () => {
  let verifier: Verifier;
  let hub: TestHub;
  let operation: Operation;
  let tan: TestOfficer;
  let old: string;
  let key: string;
  beforeAll(async () => {
    verifier = buildVerifier();
    hub = await startHub();
    operation = await hub.operation('GLACIER', { jonas: 'officer' });
    tan = await hub.signIn('tan.wei');
    const first = await covered(tan, operation, 2);
    [old, key] = [first.note, first.vkey ?? ''];
    await growRecord(hub, operation, 300);
    await covered(tan, operation, 302);
  });
  afterAll(async () => {
    await stopHubs();
    verifier?.remove();
  });

  const base = () => `${hub.url}/api/v1/operations/${operation.id}/log`;
  const newest = () => reviewBy(tan, operation).checkpoint();

  test('[RC-10] [RC-12] [RC-13] checkpoint and cosignature are believed, and no changed one', async () => {
    const { note, size } = await newest();
    const text = parseNote(note ?? '')?.text ?? '';
    const cosigned = `${note}${cosign(witness, text, 1_795_435_200)}`;
    const asked = { key, cosigner: witnessKey };
    expect(await verifier.run('checkpoint', asked, { note: cosigned })).toEqual({
      ok: true,
      origin: originOf(hub, operation),
      size,
      root: text.split('\n')[2],
      signers: [originOf(hub, operation), witness.name],
    });
    expect(await verifier.run('checkpoint', asked, { note: note ?? '' })).toMatchObject({ ok: false });
    const later = cosigned.replace(`\n${size}\n`, `\n${size + 1}\n`);
    expect(await verifier.run('checkpoint', asked, { note: later })).toMatchObject({ ok: false });
    const othersLine = cosign(witness, text.replace(String(size), String(size + 1)), 1_795_435_200);
    expect(await verifier.run('checkpoint', asked, { note: `${note}${othersLine}` })).toMatchObject({
      ok: false,
    });
  });

  test('[RC-8] [RC-39] an entry is where the hub says, and at no other place', async () => {
    for (const seq of [0, 7, 255, 256, 300]) {
      const { note, ...claim } = await reviewBy(tan, operation).prove(seq);
      const ask = (given: object) =>
        verifier.run('inclusion', { key }, { note, claim: JSON.stringify(given) });
      expect(await ask(claim)).toMatchObject({ ok: true, index: seq });
      expect(await ask({ ...claim, seq: seq + 1 })).toMatchObject({ ok: false });
      expect(await ask({ ...claim, entry: base64(Uint8Array.of(1)) })).toMatchObject({ ok: false });
      expect(await ask({ ...claim, proof: claim.proof.slice(1) })).toMatchObject({ ok: false });
    }
  });

  test('[RC-9] [RC-38] the record goes on from what was signed before', async () => {
    const since = old.split('\n')[1] ?? '';
    const { note, consistency } = await reviewBy(tan, operation).checkpoint({ since });
    const ask = (hashes: readonly string[]) =>
      verifier.run(
        'consistency',
        { key },
        { note: note ?? '', old, claim: JSON.stringify({ consistency: hashes }) },
      );
    expect(await ask(consistency)).toMatchObject({ ok: true });
    expect(await ask(consistency.slice(1))).toMatchObject({ ok: false });
    expect(await ask([...consistency].reverse())).toMatchObject({ ok: false });
  });

  test('[RC-16] [RC-17] [RC-48] [RC-49] everything is replayed from tiles and bundles over HTTP', async () => {
    const { size, note } = await newest();
    const verdict = await verifier.run('replay', { key, base: base() }, { old }, tan.cookie);
    expect(verdict).toMatchObject({ ok: true, origin: originOf(hub, operation), size, entries: size });
    expect(verdict.root).toBe((note ?? '').split('\n')[2]);

    const jonas = await hub.signIn('jonas');
    const withheld = await verifier.run('replay', { key, base: base() }, {}, jonas.cookie);
    expect(withheld).toMatchObject({ ok: false, error: 'tile/entries/000: status 404' });
    const forged = formatVkey(
      noteKey(signerFromSeed(originOf(hub, operation), new Uint8Array(32).fill(1)), signatureTypes.log),
    );
    expect(await verifier.run('replay', { key: forged, base: base() }, {}, tan.cookie)).toMatchObject({
      ok: false,
    });
  });

  test('[RC-15] [RC-50] a .tlog-proof file proves its entry', async () => {
    const { body } = await tan.get(`/operations/${operation.id}/entries/41/proof-file`);
    const bytesOf = async (seq: number) =>
      Buffer.from((await reviewBy(tan, operation).prove(seq)).entry, 'base64');
    const ask = (file: string, entry: Buffer) => verifier.run('proof-file', { key }, { file, entry });
    expect(await ask(String(body), await bytesOf(41))).toMatchObject({ ok: true, index: 41 });
    expect(await ask(String(body), await bytesOf(42))).toMatchObject({ ok: false });
    expect(await ask(String(body).replace('index 41', 'index 40'), await bytesOf(41))).toMatchObject({
      ok: false,
    });
  });
});
