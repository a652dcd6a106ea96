import { concatBytes, utf8 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';

/** One file of a pack's zip. Names are ASCII, contents are stored as they are: the same files give the same bytes. [RC-71] */
export type ZipFile = { readonly name: string; readonly size: number; readonly crc: number };
export type PlacedFile = ZipFile & {
  /** Where its header begins; the content follows it at once. */
  readonly at: number;
};

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;

const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;
const END_LENGTH = 22;
const END_64_LENGTH = 56;
const LOCATOR_64_LENGTH = 20;

/** Without zip64 for single files: no file, and no start of one, may lie beyond. */
export const ZIP_LIMIT = 0xffffffff;
const MANY = 0xffff;

/** 2.0, the oldest that knows folders; 1 January 1980, the oldest date there is; a regular file that all may read. */
const NEEDED = 20;
const MADE_BY_UNIX = 0x0314;
const MIDNIGHT_1980 = { time: 0, date: 0x0021 } as const;
const REGULAR_FILE = 0o100644 << 16;

export function localHeader({ name, size, crc }: ZipFile): Uint8Array<ArrayBuffer> {
  const text = utf8(name);
  const bytes = new Uint8Array(LOCAL_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, LOCAL, true);
  writeCommon(view, 4, { size, crc, nameLength: text.length });
  return concatBytes(bytes, text);
}

/** Everything after the last content: the directory and its end. */
export function zipTail(files: readonly PlacedFile[], at: number): Uint8Array<ArrayBuffer> {
  const records = files.map(centralRecord);
  const length = records.reduce((sum, record) => sum + record.length, 0);
  invariant(at + length < ZIP_LIMIT, 'a zip over 4 GiB');
  const count = files.length;
  const many = count >= MANY ? [end64({ count, length, at })] : [];
  return joined([...records, ...many, end({ count, length, at })]);
}

/** As many parts as there are files: more than one call takes. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function centralRecord({ name, size, crc, at }: PlacedFile): Uint8Array {
  const text = utf8(name);
  const bytes = new Uint8Array(CENTRAL_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CENTRAL, true);
  view.setUint16(4, MADE_BY_UNIX, true);
  writeCommon(view, 6, { size, crc, nameLength: text.length });
  view.setUint32(38, REGULAR_FILE, true);
  view.setUint32(42, at, true);
  return concatBytes(bytes, text);
}

/** What both headers say, in the same order: version, flags, method, time, date, sum, sizes, lengths. */
function writeCommon(
  view: DataView,
  from: number,
  { size, crc, nameLength }: { size: number; crc: number; nameLength: number },
): void {
  view.setUint16(from, NEEDED, true);
  view.setUint16(from + 6, MIDNIGHT_1980.time, true);
  view.setUint16(from + 8, MIDNIGHT_1980.date, true);
  view.setUint32(from + 10, crc, true);
  view.setUint32(from + 14, size, true);
  view.setUint32(from + 18, size, true);
  view.setUint16(from + 22, nameLength, true);
}

type Directory = { readonly count: number; readonly length: number; readonly at: number };

function end({ count, length, at }: Directory): Uint8Array {
  const bytes = new Uint8Array(END_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, END, true);
  view.setUint16(8, Math.min(count, MANY), true);
  view.setUint16(10, Math.min(count, MANY), true);
  view.setUint32(12, length, true);
  view.setUint32(16, at, true);
  return bytes;
}

/** More than 65,534 files: their number stands in a record of its own, with its locator. */
function end64({ count, length, at }: Directory): Uint8Array {
  const bytes = new Uint8Array(END_64_LENGTH + LOCATOR_64_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, END_64, true);
  view.setBigUint64(4, BigInt(END_64_LENGTH - 12), true);
  view.setUint16(12, MADE_BY_UNIX, true);
  view.setUint16(14, 45, true);
  view.setBigUint64(24, BigInt(count), true);
  view.setBigUint64(32, BigInt(count), true);
  view.setBigUint64(40, BigInt(length), true);
  view.setBigUint64(48, BigInt(at), true);
  view.setUint32(END_64_LENGTH, LOCATOR_64, true);
  view.setBigUint64(END_64_LENGTH + 8, BigInt(at + length), true);
  view.setUint32(END_64_LENGTH + 16, 1, true);
  return bytes;
}

/** The directory as its end states it; null when there is no such end. Nothing else is believed yet. */
export function findDirectory(tail: Uint8Array): { readonly at: number; readonly length: number } | null {
  if (tail.length < END_LENGTH) return null;
  const view = new DataView(tail.buffer, tail.byteOffset + tail.length - END_LENGTH, END_LENGTH);
  if (view.getUint32(0, true) !== END) return null;
  return { length: view.getUint32(12, true), at: view.getUint32(16, true) };
}

/** Bytes that `findDirectory` must be given, and that may stand behind the directory itself. */
export const LONGEST_END = END_64_LENGTH + LOCATOR_64_LENGTH + END_LENGTH;

/** One record of the directory as it says itself, and where the next begins; null when it is none. */
export function readCentralRecord(
  directory: Uint8Array,
  from: number,
): { readonly file: PlacedFile; readonly next: number } | null {
  if (from + CENTRAL_LENGTH > directory.length) return null;
  const view = new DataView(directory.buffer, directory.byteOffset + from, CENTRAL_LENGTH);
  const next = from + CENTRAL_LENGTH + view.getUint16(28, true);
  if (view.getUint32(0, true) !== CENTRAL || next > directory.length) return null;
  const name = String.fromCharCode(...directory.subarray(from + CENTRAL_LENGTH, next));
  const [crc, size, at] = [view.getUint32(16, true), view.getUint32(24, true), view.getUint32(42, true)];
  return { file: { name, crc, size, at }, next };
}
