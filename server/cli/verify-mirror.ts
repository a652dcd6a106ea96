import fs from 'node:fs';
import path from 'node:path';

import type { ExportVerdict } from '#shared/record/export/verify.ts';

/** What a witness calls the parts of its mirror: first entry and size, so that names sort. */
const PART = /^\d{12}-\d{12}\.jsonl$/;

export function isMirror(file: string): boolean {
  return fs.statSync(file).isDirectory();
}

export type MirrorVerdict = {
  readonly verdict: ExportVerdict | null;
  /** The part it is about, when it is bad; how many there are. */
  readonly part: string | null;
  readonly parts: number;
};

/**
 * Checks the parts of a mirror, one after the other: each holds in itself and goes on where the one before it ended, under
 * one key. The verdict is that of one export from the first part's first entry to the last part's last. [RC-87]
 */
export async function verifyMirror(
  folder: string,
  verifyPart: (file: string, rootAt: number) => Promise<ExportVerdict>,
): Promise<MirrorVerdict> {
  const names = fs.readdirSync(folder).filter((name) => PART.test(name));
  let whole: (ExportVerdict & { ok: true }) | null = null;
  for (const name of names.sort()) {
    const bad = (verdict: ExportVerdict) => ({ verdict, part: name, parts: names.length });
    const from = whole?.size ?? Number(name.slice(0, 12));
    const next = await verifyPart(path.join(folder, name), from);
    if (!next.ok) return bad(next);
    if (whole !== null && !goesOn(whole, next))
      return bad({ ok: false, reason: 'part-does-not-go-on', at: null, line: 1 });
    whole = whole === null ? next : joined(whole, next);
  }
  return { verdict: whole, part: null, parts: names.length };
}

type Good = ExportVerdict & { ok: true };

function goesOn(before: Good, next: Good): boolean {
  const later = before.last === null || next.first === null || next.first >= before.last;
  return later && next.from === before.size && next.rootAt === before.root && next.key === before.key;
}

function joined(before: Good, next: Good): Good {
  return {
    ...next,
    from: before.from,
    withheld: before.withheld + next.withheld,
    opened: before.opened + next.opened,
    first: before.first ?? next.first,
    last: next.last ?? before.last,
  };
}
