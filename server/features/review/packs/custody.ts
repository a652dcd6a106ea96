import { writeTable } from '#shared/interchange/csv/write-csv.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { Act } from './report/facts.ts';
import type { Named } from './report/sections.ts';

const HEADER = ['entry', 'time', 'act', 'name', 'desk', 'country', 'recipient', 'format', 'purpose'];

const leaving = new Set(['record.exported', 'record.mirrored', 'indicators.exported']);

/** What left the operation so far, and with whom: exports of the record and of the register, and mirrors. [RC-70] */
export function isCustody({ kind, outcome }: Act): boolean {
  return outcome === 'ok' && leaving.has(kind);
}

/** One line for each export that is among the entries shown. */
export function custodyOf(acts: readonly Act[], people: ReadonlyMap<string, Named>): string {
  const rows = acts.map((act) => {
    const who = act.officer === null ? undefined : people.get(act.officer);
    const { recipient, desk, format, purpose } = membersOf(act.body);
    const named = textOf(membersOf(recipient ?? null).name) || textOf(desk);
    return [
      String(act.seq),
      isoTime(act.at),
      act.kind,
      who?.name ?? act.officer ?? '',
      who?.desk ?? '',
      act.country ?? '',
      // Without a recipient it was taken by whoever exported.
      named === '' ? (who?.name ?? '') : named,
      textOf(format),
      textOf(purpose),
    ];
  });
  return writeTable([HEADER, ...rows]);
}

function membersOf(body: Json): { readonly [member: string]: Json | undefined } {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as { [member: string]: Json })
    : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
