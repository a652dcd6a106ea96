import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { base64, concatBytes } from '#shared/kernel/encoding.ts';
import { signCheckpoint } from '#shared/record/checkpoint.ts';
import { formatVkey, noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { proveConsistency, proveInclusion } from '#shared/record/proof.ts';
import { encodeBundle, subtreesInTile, tilePath, tilesOf } from '#shared/record/tiles.ts';
import { Frontier, leafHash, type Subtree } from '#shared/record/tree.ts';
import { serviceFor } from '#tests/support/services.ts';

import { buildVerifier, type Verifier } from './support.ts';

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const ORIGIN = 'hub.example/op/0123456789abcdef0123456789abcdef';
const signer = signerFromSeed(ORIGIN, new Uint8Array(32).fill(5));
const key = formatVkey(noteKey(signer, signatureTypes.log));
const entryAt = (i: number) => new TextEncoder().encode(JSON.stringify({ v: 1, log: ORIGIN, i }));

/** A record in memory, written out as the hub would serve it. */
class Record {
  readonly #hashes = new Map<string, Uint8Array>();
  readonly #tree = new Frontier(sha256);
  readonly #roots = new Map<number, Uint8Array>();

  growTo(size: number): void {
    while (this.#tree.size < size) {
      const completed = this.#tree.append(leafHash(entryAt(this.#tree.size), sha256));
      for (const { level, index, hash } of completed) this.#hashes.set(`${level}/${index}`, hash);
    }
    this.#roots.set(size, this.#tree.root());
  }

  readonly reader = { read: async (subtrees: readonly Subtree[]) => subtrees.map((one) => this.#at(one)) };

  note(size: number): string {
    const root = this.#roots.get(size);
    if (root === undefined) throw new Error(`no root at ${size}`);
    return signCheckpoint(signer, { origin: ORIGIN, size, root });
  }

  write(folder: string, size: number): void {
    const put = (name: string, content: string | Uint8Array) => {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), content);
    };
    put('checkpoint', this.note(size));
    for (const tile of tilesOf(size)) {
      put(tilePath(tile), concatBytes(...subtreesInTile(tile).map((one) => this.#at(one))));
      if (tile.level !== 0) continue;
      const from = tile.index * 256;
      const entries = Array.from({ length: tile.width }, (_, at) => entryAt(from + at));
      put(tilePath({ ...tile, level: 'entries' }), encodeBundle(entries));
    }
  }

  #at({ level, index }: Subtree): Uint8Array {
    const hash = this.#hashes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`no subtree ${level}/${index}`);
    return hash;
  }
}

describe.skipIf(serviceFor('go') === undefined)('a verifier in Go, on records of many sizes', () => {
  let verifier: Verifier;
  beforeAll(() => {
    verifier = buildVerifier();
  });
  afterAll(() => verifier?.remove());

  const sizes = [1, 2, 3, 4, 7, 8, 130, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000];

  test('[RC-5] [RC-8] [RC-9] [RC-12] [RC-16] [RC-17] each is replayed, and joined to the one before', async () => {
    const record = new Record();
    let before = 0;
    for (const size of sizes) {
      record.growTo(size);
      const folder = path.join(verifier.folder, `log-${size}`);
      record.write(folder, size);
      const old: { old?: string } = before === 0 ? {} : { old: record.note(before) };
      const verdict = await verifier.run('replay', { key, base: folder }, old);
      expect(verdict).toMatchObject({ ok: true, size, entries: size });
      const index = Math.floor(size / 3);
      const claim = JSON.stringify({
        seq: index,
        entry: base64(entryAt(index)),
        proof: (await proveInclusion(record.reader, index, size)).map(base64),
        consistency: (await proveConsistency(record.reader, before, size)).map(base64),
      });
      const note = record.note(size);
      expect(await verifier.run('inclusion', { key }, { note, claim })).toMatchObject({ ok: true, index });
      if (before > 0) {
        const joined = await verifier.run('consistency', { key }, { note, claim, old: record.note(before) });
        expect(joined).toMatchObject({ ok: true });
      }
      fs.rmSync(folder, { recursive: true });
      before = size;
    }
  }, 120_000);

  test('[RC-17] a byte changed in any tile or bundle is found', async () => {
    const record = new Record();
    record.growTo(600);
    const folder = path.join(verifier.folder, 'changed');
    record.write(folder, 600);
    const files = fs
      .readdirSync(folder, { recursive: true })
      .map((name) => path.join(folder, String(name)))
      .filter((file) => fs.statSync(file).isFile());
    expect(files.length).toBe(8);
    for (const [at, file] of files.entries()) {
      const good = fs.readFileSync(file);
      const bad = Buffer.from(good);
      const place = (at * 7919) % bad.length;
      bad[place] = (bad[place] ?? 0) ^ 1;
      fs.writeFileSync(file, bad);
      expect(await verifier.run('replay', { key, base: folder }), file).toMatchObject({ ok: false });
      fs.writeFileSync(file, good);
    }
    expect(await verifier.run('replay', { key, base: folder })).toMatchObject({ ok: true });
  });
});
