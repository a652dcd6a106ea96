import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import { base64, concatBytes, hex, utf8 } from '#shared/kernel/encoding.ts';
import { formatVkey, noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { signNote } from '#shared/record/note.ts';
import { readZip } from '#shared/record/pack/read-zip.ts';
import { packSealText } from '#shared/record/pack/tags.ts';
import { type PackFile, ZipWriter } from '#shared/record/pack/write.ts';

/** Whole numbers from 0 to below `n`, from a seed that is printed when a trial fails. */
export type Dice = (n: number) => number;

export type Trial = { readonly how: string; readonly bytes: Uint8Array };

const sha256 = (bytes: Uint8Array) => new Uint8Array(hash('sha256', bytes, 'buffer'));
const forger = (name: string) => signerFromSeed(name, new Uint8Array(32).fill(0x66));

/** A pack taken apart, so that whoever alters it can also make all its sums agree again. */
export class Altered {
  readonly folder: string;
  readonly files: PackFile[];

  constructor(pack: Uint8Array) {
    const zip = readZip(pack);
    if (!zip.ok) throw new Error('not a pack');
    const first = zip.files[0]?.name ?? '';
    this.folder = first.slice(0, first.indexOf('/') + 1);
    this.files = zip.files.map(({ name, start, size }) => ({
      path: name.slice(this.folder.length),
      bytes: Uint8Array.from(pack.subarray(start, start + size)),
    }));
  }

  put(path: string, bytes: Uint8Array): void {
    const at = this.files.findIndex((file) => file.path === path);
    if (at >= 0) this.files[at] = { path, bytes };
  }

  read(path: string): Uint8Array {
    return this.files.find((file) => file.path === path)?.bytes ?? new Uint8Array();
  }

  /** Writes the manifest anew, then the tag manifest. */
  relist(depth: 'manifest' | 'both', also: { readonly oxum?: true } = {}): this {
    const line = ({ path, bytes }: PackFile) => `${hex(sha256(bytes))}  ${path}\n`;
    const data = this.files.filter(({ path }) => path.startsWith('data/'));
    if (also.oxum) {
      const length = data.reduce((sum, { bytes }) => sum + bytes.length, 0);
      const info = Buffer.from(this.read('bag-info.txt')).toString('utf8');
      this.put('bag-info.txt', utf8(info.replace(/(?<=^Payload-Oxum: ).*$/m, `${length}.${data.length}`)));
    }
    this.put('manifest-sha256.txt', utf8(data.map(line).join('')));
    if (depth === 'manifest') return this;
    const tags = this.files.filter(({ path }) =>
      ['manifest-sha256.txt', 'bag-info.txt', 'bagit.txt'].includes(path),
    );
    this.put('tagmanifest-sha256.txt', utf8(tags.map(line).join('')));
    return this;
  }

  /** Seals with a key of one's own under the name of the log. */
  reseal(origin: string): this {
    const text = packSealText(origin, sha256(this.read('tagmanifest-sha256.txt')));
    this.put('seal.txt', utf8(signNote(forger(origin), text)));
    return this;
  }

  /** The whole pack signed anew, with the forger's key stated as that of the log: only a reader's own key tells. */
  takenOverBy(origin: string): this {
    const [text = ''] = textOf(this).split('\n\n');
    const own = formatVkey(noteKey(forger(origin), signatureTypes.log));
    const note = signNote(forger(origin), `${text}\n`);
    const known = Buffer.from(this.read('data/trust/keys.txt')).toString('utf8').split('\n')[0] ?? '';
    for (const { path, bytes } of [...this.files]) {
      const words = Buffer.from(bytes).toString('utf8');
      if (path.endsWith('.tlog-proof')) this.put(path, utf8(`${words.split('\n\n')[0]}\n\n${note}`));
      if (path === 'data/pack.json' || path === 'data/trust/keys.txt')
        this.put(path, utf8(words.replaceAll(known, own)));
    }
    this.put('data/log/checkpoint', utf8(note));
    return this.relist('both', { oxum: true }).reseal(origin);
  }

  zip(): Uint8Array {
    const writer = new ZipWriter(this.folder, (bytes) => crc32(bytes));
    const parts = this.files.flatMap((file) => [...writer.put(file)]);
    return concatBytes(...parts, writer.tail());
  }
}

/** One alteration that leaves other bytes: a manifest changed and then written anew is none. */
export function alter(pack: Uint8Array, origin: string, dice: Dice): Trial {
  for (;;) {
    const trial = alterOnce(pack, origin, dice);
    if (!Buffer.from(trial.bytes).equals(pack)) return trial;
  }
}

/** Of the bytes as they are, or of the files with all sums made to agree as far as a stranger can. */
function alterOnce(pack: Uint8Array, origin: string, dice: Dice): Trial {
  const raw = [flip, cut, append, drop, swap, double, insert];
  const deep = [
    changeFile,
    dropFile,
    swapFiles,
    doubleFile,
    renameFile,
    resignCheckpoint,
    exchangeContents,
    takeOver,
  ];
  if (dice(2) === 0) {
    const way = raw[dice(raw.length)] ?? flip;
    return way(pack, dice);
  }
  const altered = new Altered(pack);
  const way = deep[dice(deep.length)] ?? changeFile;
  const how = way(altered, dice, origin);
  const depth = dice(4);
  if (depth >= 1) altered.relist(depth === 1 ? 'manifest' : 'both');
  if (depth === 3) altered.reseal(origin);
  return { how: `${how}, sums to depth ${depth}`, bytes: altered.zip() };
}

function flip(pack: Uint8Array, dice: Dice): Trial {
  const [at, mask] = [dice(pack.length), 1 + dice(255)];
  const bytes = Uint8Array.from(pack);
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  return { how: `flip byte ${at} by ${mask}`, bytes };
}

function cut(pack: Uint8Array, dice: Dice): Trial {
  const length = dice(pack.length);
  return { how: `cut to ${length} bytes`, bytes: pack.subarray(0, length) };
}

function append(pack: Uint8Array, dice: Dice): Trial {
  const more = Uint8Array.from({ length: 1 + dice(64) }, () => dice(256));
  const before = dice(2) === 0;
  const bytes = before ? concatBytes(more, pack) : concatBytes(pack, more);
  return { how: `${more.length} bytes ${before ? 'before' : 'behind'}`, bytes };
}

function drop(pack: Uint8Array, dice: Dice): Trial {
  const [at, length] = [dice(pack.length), 1 + dice(200)];
  return {
    how: `drop ${length} at ${at}`,
    bytes: concatBytes(pack.subarray(0, at), pack.subarray(at + length)),
  };
}

function swap(pack: Uint8Array, dice: Dice): Trial {
  for (;;) {
    const [a, b] = [dice(pack.length), dice(pack.length)];
    if (pack[a] === pack[b]) continue;
    const bytes = Uint8Array.from(pack);
    [bytes[a], bytes[b]] = [pack[b] ?? 0, pack[a] ?? 0];
    return { how: `swap bytes ${a} and ${b}`, bytes };
  }
}

function double(pack: Uint8Array, dice: Dice): Trial {
  const [at, length] = [dice(pack.length), 1 + dice(200)];
  const part = pack.subarray(at, at + length);
  return {
    how: `double ${length} at ${at}`,
    bytes: concatBytes(pack.subarray(0, at), part, pack.subarray(at)),
  };
}

function insert(pack: Uint8Array, dice: Dice): Trial {
  const at = dice(pack.length);
  return {
    how: `a byte at ${at}`,
    bytes: concatBytes(pack.subarray(0, at), Uint8Array.of(dice(256)), pack.subarray(at)),
  };
}

function changeFile(altered: Altered, dice: Dice): string {
  for (;;) {
    const file = altered.files[dice(altered.files.length)];
    if (file === undefined || file.bytes.length === 0) continue;
    const at = dice(file.bytes.length);
    const bytes = Uint8Array.from(file.bytes);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + dice(255));
    altered.put(file.path, bytes);
    return `byte ${at} of ${file.path}`;
  }
}

function dropFile(altered: Altered, dice: Dice): string {
  const [gone] = altered.files.splice(dice(altered.files.length), 1);
  return `without ${gone?.path}`;
}

function swapFiles(altered: Altered, dice: Dice): string {
  for (;;) {
    const [a, b] = [dice(altered.files.length), dice(altered.files.length)];
    const [one, other] = [altered.files[a], altered.files[b]];
    if (a === b || one === undefined || other === undefined) continue;
    altered.files[a] = other;
    altered.files[b] = one;
    return `${one.path} in the place of ${other.path}`;
  }
}

function doubleFile(altered: Altered, dice: Dice): string {
  const at = dice(altered.files.length);
  const file = altered.files[at];
  if (file !== undefined) altered.files.splice(dice(altered.files.length + 1), 0, file);
  return `${file?.path} twice`;
}

function renameFile(altered: Altered, dice: Dice): string {
  const at = dice(altered.files.length);
  const file = altered.files[at];
  if (file === undefined) return 'nothing';
  const path =
    dice(2) === 0 ? `${file.path}x` : file.path.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  altered.files[at] = { ...file, path: path === file.path ? `${path}y` : path };
  return `${file.path} named otherwise`;
}

/** The checkpoint of another tree under somebody else's key, everywhere it stands. */
function resignCheckpoint(altered: Altered, dice: Dice, origin: string): string {
  const size = 1 + dice(40);
  const root = Uint8Array.from({ length: 32 }, () => dice(256));
  const text =
    dice(2) === 0
      ? `${origin}\n${size}\n${base64(root)}\n`
      : (textOf(altered).split('\n\n')[0] ?? '').concat('\n');
  altered.put('data/log/checkpoint', utf8(signNote(forger(origin), text)));
  return 'the checkpoint signed anew';
}

/** Everything right but the key. */
function takeOver(altered: Altered, _dice: Dice, origin: string): string {
  altered.takenOverBy(origin);
  return 'the whole pack under another key';
}

function exchangeContents(altered: Altered, dice: Dice): string {
  for (;;) {
    const [one, other] = [
      altered.files[dice(altered.files.length)],
      altered.files[dice(altered.files.length)],
    ];
    if (one === undefined || other === undefined || Buffer.from(one.bytes).equals(other.bytes)) continue;
    altered.put(one.path, other.bytes);
    altered.put(other.path, one.bytes);
    return `the contents of ${one.path} and ${other.path} exchanged`;
  }
}

function textOf(altered: Altered): string {
  return Buffer.from(altered.read('data/log/checkpoint')).toString('utf8');
}
