import { utf8 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';

import { type Sha256, sha256 } from '../hash.ts';
import { infoOf, type PackAbout } from './about.ts';
import { type Crc32, crc32 } from './crc32.ts';
import { placeOf, places } from './layout.ts';
import { BAGIT, formatManifest, type Listed, packSealText } from './tags.ts';
import { localHeader, type PlacedFile, ZIP_LIMIT, zipTail } from './zip.ts';

export type PackFile = { readonly path: string; readonly bytes: Uint8Array };

export type PackSource = {
  /** Everything under `data/`, in the order in which it is to stand. */
  readonly files: AsyncIterable<PackFile> | Iterable<PackFile>;
  /** Asked when all files have been taken: `data/pack.json` must be among them. */
  readonly about: () => PackAbout;
  /** `signNote` with the log's key; asked once, at the end. */
  readonly seal: (text: string) => string | Promise<string>;
  readonly id: string;
};
export type PackHashes = { readonly sha256: Sha256; readonly crc32: Crc32 };

export function folderOf(id: string): string {
  return `muster-pack-${id}/`;
}

/** The bytes of a pack; the next part is made when the last was taken. A function of its source alone. [RC-70] [RC-71] */
export async function* writePack(
  { files, about, seal, id }: PackSource,
  hashes: PackHashes = { sha256, crc32 },
): AsyncGenerator<Uint8Array> {
  const zip = new ZipWriter(folderOf(id), hashes.crc32);
  const listed: Listed[] = [];
  let bytesOfData = 0;
  for await (const file of files) {
    invariant(file.path.startsWith('data/') && placeOf(file.path) !== null, `no pack has ${file.path}`);
    listed.push({ path: file.path, sha256: hashes.sha256(file.bytes) });
    bytesOfData += file.bytes.length;
    yield* zip.put(file);
  }
  const described = about();
  const tags: PackFile[] = [
    { path: places.manifest, bytes: utf8(formatManifest(listed)) },
    { path: places.info, bytes: utf8(infoOf(described, { bytes: bytesOfData, files: listed.length })) },
    { path: places.bagit, bytes: utf8(BAGIT) },
  ];
  const tagList = tags.map(({ path, bytes }) => ({ path, sha256: hashes.sha256(bytes) }));
  const tagManifest = utf8(formatManifest(tagList));
  const sealed = await seal(packSealText(described.origin, hashes.sha256(tagManifest)));
  for (const tag of tags) yield* zip.put(tag);
  yield* zip.put({ path: places.tagManifest, bytes: tagManifest });
  yield* zip.put({ path: places.seal, bytes: utf8(sealed) });
  yield zip.tail();
}

/** Lays files one behind the other below one folder. */
export class ZipWriter {
  readonly #folder: string;
  readonly #crc32: Crc32;
  readonly #files: PlacedFile[] = [];
  #at = 0;

  constructor(folder: string, sum: Crc32 = crc32) {
    this.#folder = folder;
    this.#crc32 = sum;
  }

  *put({ path, bytes }: PackFile): Generator<Uint8Array> {
    const file = { name: this.#folder + path, size: bytes.length, crc: this.#crc32(bytes) };
    const header = localHeader(file);
    invariant(this.#at + header.length + bytes.length < ZIP_LIMIT, 'a pack over 4 GiB');
    this.#files.push({ ...file, at: this.#at });
    this.#at += header.length + bytes.length;
    yield header;
    if (bytes.length > 0) yield bytes;
  }

  tail(): Uint8Array {
    return zipTail(this.#files, this.#at);
  }
}
