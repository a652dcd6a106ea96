import { equalBytes } from '#shared/kernel/encoding.ts';

import type { PackFault } from './faults.ts';
import {
  findDirectory,
  LONGEST_END,
  localHeader,
  type PlacedFile,
  readCentralRecord,
  zipTail,
} from './zip.ts';

/** A file that is read in parts, or bytes in memory. */
export type PackBytes = { readonly length: number; subarray(start: number, end: number): Uint8Array };

export type Stored = {
  readonly name: string;
  readonly crc: number;
  readonly size: number;
  /** Place of the first byte of the content. */
  readonly start: number;
};
export type ZipOutcome =
  | { readonly ok: true; readonly files: readonly Stored[] }
  | { readonly ok: false; readonly reason: PackFault; readonly file: string | null };

const NAME = /^[\x21-\x7e]{1,300}$/;

/**
 * Accepts only the bytes that the writer makes of the same files in the same order: headers and directory are written
 * again and compared, and nothing lies between, before or behind them. Contents are not looked at. [RC-71]
 */
export function readZip(bytes: PackBytes): ZipOutcome {
  const end = bytes.subarray(Math.max(0, bytes.length - LONGEST_END), bytes.length);
  const directory = findDirectory(end);
  if (directory === null || directory.at + directory.length > bytes.length) return bad('zip-truncated', null);
  const tail = bytes.subarray(directory.at, bytes.length);
  const files = readRecords(tail.subarray(0, directory.length));
  if (files === null) return bad('zip-directory-malformed', null);
  const written = zipTail(files, directory.at);
  if (!equalBytes(written, tail)) return bad('zip-not-canonical', differing(files, written, tail));
  return placeFiles(bytes, files, directory.at);
}

function readRecords(directory: Uint8Array): PlacedFile[] | null {
  const files: PlacedFile[] = [];
  for (let at = 0; at < directory.length; ) {
    const record = readCentralRecord(directory, at);
    if (record === null || !NAME.test(record.file.name)) return null;
    files.push(record.file);
    at = record.next;
  }
  return files;
}

function placeFiles(bytes: PackBytes, files: readonly PlacedFile[], end: number): ZipOutcome {
  const stored: Stored[] = [];
  const names = new Set<string>();
  let at = 0;
  for (const file of files) {
    const { name, crc, size } = file;
    const header = localHeader(file);
    const start = at + header.length;
    if (names.has(name)) return bad('zip-file-twice', name);
    if (file.at !== at || start + size > end) return bad('zip-not-canonical', name);
    if (!equalBytes(header, bytes.subarray(at, start))) return bad('zip-not-canonical', name);
    names.add(name);
    stored.push({ name, crc, size, start });
    at = start + size;
  }
  return at === end ? { ok: true, files: stored } : bad('zip-gap', files.at(-1)?.name ?? null);
}

/** The file whose record in the directory is the first that differs. */
function differing(files: readonly PlacedFile[], written: Uint8Array, found: Uint8Array): string | null {
  let at = 0;
  while (at < written.length && written[at] === found[at]) at += 1;
  let start = 0;
  for (const { name } of files) {
    start += 46 + name.length;
    if (at < start) return name;
  }
  return null;
}

function bad(reason: PackFault, file: string | null): ZipOutcome {
  return { ok: false, reason, file };
}
