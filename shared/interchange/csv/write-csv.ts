import { isoTime, type Millis } from '#shared/kernel/clock.ts';
import type { Pap, Tlp } from '#shared/policy/markings.ts';

import { defang } from '../defang.ts';
import type { Selector } from '../selector-types.ts';

/** One indicator as it leaves in a CSV file. The headings are those `readCsv` understands. */
export type CsvExportRow = {
  readonly selector: Selector;
  readonly tlp: Tlp;
  readonly pap: Pap;
  readonly firstSeen: Millis | null;
  readonly lastSeen: Millis | null;
  readonly confidence: number | null;
  readonly description: string;
  readonly originator: string;
};

const HEADER = [
  'type',
  'value',
  'TLP',
  'PAP',
  'first seen',
  'last seen',
  'confidence',
  'originator',
  'country',
  'bank',
  'platform',
  'description',
] as const;

/** RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8. `defanged` for files that people will open. [IN-37] */
export function writeCsv(
  rows: readonly CsvExportRow[],
  options: { readonly defanged?: boolean } = {},
): string {
  const table = rows.map((row) => [
    row.selector.type,
    options.defanged ? defang({ ...row.selector, display: row.selector.value }) : row.selector.value,
    `TLP:${row.tlp}`,
    `PAP:${row.pap}`,
    row.firstSeen === null ? '' : isoTime(row.firstSeen),
    row.lastSeen === null ? '' : isoTime(row.lastSeen),
    row.confidence === null ? '' : String(row.confidence),
    row.originator,
    row.selector.meta?.country ?? '',
    row.selector.meta?.bic ?? row.selector.meta?.bank ?? '',
    row.selector.meta?.platform ?? '',
    row.description,
  ]);
  return `\ufeff${writeTable([HEADER, ...table])}`;
}

/** Any table as RFC 4180. A cell that a spreadsheet would run gets an apostrophe before it. [IN-37] */
export function writeTable(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(writeCell).join(',')}\r\n`).join('');
}

function writeCell(cell: string): string {
  const safe = /^[=+\-@\t\r\0]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
