import { fromUtf8, hex, utf8 } from '#shared/kernel/encoding.ts';

import type { PackFault } from './faults.ts';
import { entryOf, placeOf, places } from './layout.ts';
import { type PackBytes, readZip, type Stored } from './read-zip.ts';
import { formatManifest, type Listed } from './tags.ts';
import type { PackHashes } from './write.ts';

/** The first thing that is wrong: in which file, and of which entry if it is one's. */
export type Bad = {
  readonly reason: PackFault;
  readonly file: string | null;
  readonly entry: number | null;
};

export function bad(reason: PackFault, file: string | null, entry?: number | null): Bad {
  return { reason, file, entry: entry ?? (file === null ? null : entryOf(file)) };
}

/** How every pack ends. The rest of it lies under `data/`. */
const tags = [places.manifest, places.info, places.bagit, places.tagManifest, places.seal];

/** A zip that has the form of a pack; what its files say is not yet believed. */
export class OpenPack {
  readonly id: string;
  /** Everything under `data/`, in the order of the zip. */
  readonly data: readonly Stored[];
  readonly #bytes: PackBytes;
  readonly #byPath: ReadonlyMap<string, Stored>;

  private constructor(bytes: PackBytes, id: string, files: readonly Stored[]) {
    this.id = id;
    this.data = files.slice(0, -tags.length);
    this.#bytes = bytes;
    this.#byPath = new Map(files.map((file) => [file.name, file]));
  }

  /** [RC-70] [RC-71] */
  static open(bytes: PackBytes): OpenPack | Bad {
    const zip = readZip(bytes);
    if (!zip.ok) return bad(zip.reason, zip.file === null ? null : withoutFolder(zip.file));
    const [, folder = '', id = ''] = /^(muster-pack-([0-9a-f]{32})\/)/.exec(zip.files[0]?.name ?? '') ?? [];
    if (folder === '') return bad('pack-unknown-format', null);
    const files: Stored[] = [];
    for (const file of zip.files) {
      if (!file.name.startsWith(folder)) return bad('pack-misplaced-file', file.name);
      files.push({ ...file, name: file.name.slice(folder.length) });
    }
    const misplaced = misplacedIn(files);
    return misplaced ?? new OpenPack(bytes, id, files);
  }

  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  /** null when there is no such file. */
  read(path: string): Uint8Array | null {
    const file = this.#byPath.get(path);
    return file === undefined ? null : this.contentOf(file);
  }

  /** The same as text; null also for bytes that are none. */
  readText(path: string): string | null {
    const bytes = this.read(path);
    try {
      // The decoder drops a byte order mark: the bytes are compared, so that there is one spelling.
      const text = bytes === null ? null : fromUtf8(bytes);
      return text !== null && utf8(text).length === bytes?.length ? text : null;
    } catch {
      return null;
    }
  }

  contentOf({ start, size }: Stored): Uint8Array {
    return this.#bytes.subarray(start, start + size);
  }

  /** Every file against its sum in the zip and its hash in the manifest, and those against each other. [RC-72] */
  checkHashes(
    hashes: PackHashes,
    onProgress: (done: number, total: number) => void,
  ): { readonly tagManifest: Uint8Array } | Bad {
    const manifest = (this.readText(places.manifest) ?? '').split('\n');
    for (const [at, file] of this.data.entries()) {
      const content = this.contentOf(file);
      if (hashes.crc32(content) !== file.crc) return bad('zip-content-differs', file.name);
      const line = manifest[at] ?? '';
      if (line !== `${hex(hashes.sha256(content))}  ${file.name}`)
        return line.endsWith(`  ${file.name}`)
          ? bad('file-hash-differs', file.name)
          : bad(this.#sumDiffers(hashes) ?? 'manifest-differs', places.manifest);
      onProgress(at + 1, this.data.length);
    }
    for (const path of tags) {
      const file = this.#byPath.get(path);
      if (file === undefined || hashes.crc32(this.contentOf(file)) !== file.crc)
        return bad('zip-content-differs', path);
    }
    if (manifest.length !== this.data.length + 1 || manifest.at(-1) !== '')
      return bad('manifest-differs', places.manifest);
    return this.#checkTags(hashes);
  }

  #checkTags({ sha256 }: PackHashes): { readonly tagManifest: Uint8Array } | Bad {
    const listed: Listed[] = tags.slice(0, 3).map((path) => ({
      path,
      sha256: sha256(this.read(path) ?? new Uint8Array()),
    }));
    const tagManifest = this.read(places.tagManifest) ?? new Uint8Array();
    if (this.readText(places.tagManifest) !== formatManifest(listed))
      return bad('manifest-differs', places.tagManifest);
    return { tagManifest: sha256(tagManifest) };
  }

  #sumDiffers({ crc32 }: PackHashes): PackFault | null {
    const file = this.#byPath.get(places.manifest);
    if (file === undefined) return 'pack-file-missing';
    return crc32(this.contentOf(file)) === file.crc ? null : 'zip-content-differs';
  }
}

function misplacedIn(files: readonly Stored[]): Bad | null {
  const ending: readonly string[] = files.slice(-tags.length).map(({ name }) => name);
  const wrong = tags.find((path, at) => ending[at] !== path);
  if (wrong !== undefined) {
    return bad(files.some(({ name }) => name === wrong) ? 'pack-misplaced-file' : 'pack-file-missing', wrong);
  }
  for (const { name } of files.slice(0, -tags.length)) {
    if (!name.startsWith('data/')) return bad('pack-misplaced-file', name);
    if (placeOf(name) === null) return bad('pack-unknown-file', name);
  }
  const needed = [places.about, places.checkpoint, places.keys, places.readme];
  const missing = needed.find((path) => !files.some(({ name }) => name === path));
  return missing === undefined ? null : bad('pack-file-missing', missing);
}

function withoutFolder(name: string): string {
  return name.replace(/^muster-pack-[0-9a-f]{32}\//, '');
}
