import { hash } from 'node:crypto';
import fs from 'node:fs';

import { base64 } from '#shared/kernel/encoding.ts';
import { explainFault } from '#shared/record/export/faults.ts';
import type { ExportedEntry } from '#shared/record/export/lines.ts';
import { verifyExport } from '#shared/record/export/verify.ts';
import type { Pin } from '#shared/record/witness/watch.ts';

/** A part that has arrived whole and holds in itself, and the roots by which it is compared with what was known. */
export type Received = {
  readonly end: Pin;
  readonly withheld: number;
  /** It holds the entry of a purge. */
  readonly purged: boolean;
  /** Root of the tree before its first entry, and at each of the sizes asked for that lie in it. */
  readonly rootBefore: string | null;
  readonly roots: ReadonlyMap<number, string>;
};
export type Receiving =
  | { readonly ok: true; readonly part: Received }
  /** `cut`: it broke off; the next try begins there again. */
  | { readonly ok: false; readonly cut: boolean; readonly reason: string };

type Expected = {
  readonly file: string;
  /** First entry it must begin with, under this key of the log. */
  readonly from: number;
  readonly vkey: string;
  readonly rootsAt: readonly number[];
};

/** Writes a part down as it arrives and verifies it on the way: every line, leaf and signature. Never trusts its length. */
export async function receivePart(
  chunks: AsyncIterable<Uint8Array>,
  { file, from, vkey, rootsAt }: Expected,
): Promise<Receiving> {
  const roots = new Map<number, string>();
  let purged = false;
  const onEntry = (at: number, shown: ExportedEntry, root: () => Uint8Array) => {
    if (rootsAt.includes(at + 1)) roots.set(at + 1, base64(root()));
    purged ||= 'entry' in shown && isPurge(shown.entry);
  };
  const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');
  const verdict = await verifyExport(written(chunks, file), { vkey, rootAt: from, onEntry, sha256 });
  if (!verdict.ok) {
    const reason = `line ${verdict.line}: ${explainFault(verdict.reason)}`;
    return { ok: false, cut: verdict.reason === 'export-truncated', reason };
  }
  if (verdict.from !== from || verdict.size <= from)
    return { ok: false, cut: false, reason: `it begins with entry ${verdict.from}, not with ${from}` };
  const { size, root, withheld, rootAt } = verdict;
  const end = { vkey, size, root, note: checkpointIn(file) };
  return { ok: true, part: { end, withheld, purged, rootBefore: rootAt, roots } };
}

async function* written(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const handle = await fs.promises.open(file, 'w', 0o600);
  try {
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}

function isPurge(entry: Uint8Array): boolean {
  return Buffer.from(entry).includes('"e":"operation.purged"');
}

/** The longest that checkpoint and seal can be, with the lines of a hundred cosigners. */
const TAIL = 65_536;

/** The note of the last checkpoint of a file that was verified. */
function checkpointIn(file: string): string | null {
  const opened = fs.openSync(file, 'r');
  try {
    const length = Math.min(TAIL, fs.fstatSync(opened).size);
    const tail = Buffer.alloc(length);
    fs.readSync(opened, tail, 0, length, fs.fstatSync(opened).size - length);
    const line = tail.toString('utf8').split('\n').at(-3) ?? '';
    const note: unknown = Reflect.get(Object(JSON.parse(line)), 'checkpoint');
    return typeof note === 'string' ? note : null;
  } finally {
    fs.closeSync(opened);
  }
}
