import { canonicalJson } from '#shared/kernel/canonical-json.ts';
import { invariant } from '#shared/kernel/failures.ts';

import { type Sha256, sha256 } from '../hash.ts';
import { Chain, type ExportedEntry, entryMembers, type Header, headerMembers, sealText } from './lines.ts';

export type ExportSource = Header & {
  /** Entries `from` … `size - 1` in order, with the leaf hashes as the record holds them (not made anew for the export). */
  readonly entries: AsyncIterable<ExportedEntry> | Iterable<ExportedEntry>;
  /** Signed note of the checkpoint of exactly `size`, with its cosignatures. */
  readonly checkpoint: string;
  /** The newest earlier checkpoint that a quorum has cosigned; it stands after the last entry it covers. [RC-67] */
  readonly cosigned?: { readonly size: number; readonly note: string } | null;
  /** `signNote` with the log's key; asked once, at the end. */
  readonly seal: (text: string) => string | Promise<string>;
};

/** The lines of the file, each with its end of line; the next is made when the last was taken. [RC-18] */
export async function* writeExport(source: ExportSource, hash: Sha256 = sha256): AsyncGenerator<string> {
  const chain = new Chain(hash);
  yield `${chain.close(headerMembers(source))}\n`;
  let seq = source.from;
  for await (const shown of source.entries) {
    yield `${chain.close(entryMembers(shown))}\n`;
    seq += 1;
    if (seq === source.cosigned?.size && seq < source.size)
      yield `${chain.close({ checkpoint: source.cosigned.note })}\n`;
  }
  invariant(seq === source.size, 'an export holds every place up to its checkpoint');
  yield `${chain.close({ checkpoint: source.checkpoint })}\n`;
  yield `${canonicalJson({ seal: await source.seal(sealText(source.origin, chain.value)) })}\n`;
}
