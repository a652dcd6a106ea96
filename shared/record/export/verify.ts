import { utf8 } from '#shared/kernel/encoding.ts';
import { type Sha256, sha256 } from '../hash.ts';
import { type CheckOptions, ExportCheck, type ExportSummary } from './check.ts';
import type { ExportFault } from './faults.ts';
import { LineSplitter } from './split-lines.ts';

export type ExportVerdict =
  | ({ readonly ok: true } & ExportSummary)
  | {
      readonly ok: false;
      readonly reason: ExportFault;
      /** The first bad entry; null when what is wrong is not an entry. */
      readonly at: number | null;
      /** Line of the file, from 1. */
      readonly line: number;
    };

export type VerifyOptions = CheckOptions & {
  readonly sha256?: Sha256;
  /** After each chunk among the entries: how many are checked, of how many. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
};

/** Longer than any payload the hub accepts; bounds the memory of a verification. */
const LINE_LIMIT = 64 * 1024 * 1024;

/**
 * Reads an export once, in constant memory, and stops at the first thing that is wrong. With `vkey` it also says
 * who signed. Does not throw unless reading `chunks` does. [RC-18] to [RC-26]
 */
export async function verifyExport(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  options: VerifyOptions = {},
): Promise<ExportVerdict> {
  const check = new ExportCheck(options, options.sha256 ?? sha256);
  const splitter = new LineSplitter();
  let line = 0;
  const bad = (reason: ExportFault): ExportVerdict => ({ ok: false, reason, at: check.at, line: line + 1 });
  for await (const chunk of chunks) {
    for (const bytes of splitter.push(typeof chunk === 'string' ? utf8(chunk) : chunk)) {
      const fault = check.take(bytes);
      if (fault !== null) return bad(fault);
      line += 1;
    }
    if (splitter.pending > LINE_LIMIT) return bad('line-too-long');
    if (check.progress !== null) options.onProgress?.(check.progress);
  }
  if (check.summary === null) return bad('export-truncated');
  if (splitter.pending > 0) return bad('export-trailing-bytes');
  return { ok: true, ...check.summary };
}
