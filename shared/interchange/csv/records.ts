/// <reference path="./csv-parse.d.ts" />
import { parse } from 'csv-parse/browser/esm/sync';

/** One record; `number` counts records from 1, the header among them. `cells` is `null` when it could not be read. */
export type CsvRecord = { readonly number: number; readonly cells: readonly string[] | null };

const LONGEST_RECORD = 1_048_576;
/** A file with more unclosed quotes than this is read no further. */
const MOST_RECOVERIES = 50;

/**
 * RFC 4180 and what spreadsheets make of it. A quote that is never closed costs its own line and not the rest of the
 * file. [IN-33]
 */
export function readRecords(text: string, delimiter: string, most: number): CsvRecord[] {
  const records: CsvRecord[] = [];
  let rest = text.replace(/\r\n?/g, '\n');
  for (let recoveries = 0; rest !== '' && records.length < most; recoveries++) {
    const { parsed, broken } = parsePart(rest, delimiter, most - records.length);
    for (const { record } of parsed) records.push({ number: records.length + 1, cells: record });
    if (!broken || recoveries === MOST_RECOVERIES) break;
    records.push({ number: records.length + 1, cells: null });
    rest = afterLine(rest, (parsed.at(-1)?.info.lines ?? 0) + 1);
  }
  return records;
}

function parsePart(text: string, delimiter: string, most: number) {
  let broken = false;
  const parsed = parse(text, {
    delimiter,
    record_delimiter: '\n',
    relax_quotes: true,
    relax_column_count: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_RECORD,
    to: most,
    info: true,
    on_skip: () => {
      broken = true;
      return undefined;
    },
  });
  return { parsed, broken };
}

function afterLine(text: string, lines: number): string {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return '';
    at = end + 1;
  }
  return text.slice(at);
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The sign that splits the first lines most evenly; a spreadsheet's `sep=;` line decides at once. [IN-32] */
export function detectDelimiter(text: string): string {
  const lines = text
    .slice(0, 65_536)
    .split(/\r\n?|\n/, 25)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => countOutsideQuotes(line, delimiter));
    const first = counts[0] ?? 0;
    const score =
      first === 0 ? 0 : (counts.filter((count) => count === first).length / lines.length) * (1 + first / 100);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function countOutsideQuotes(line: string, delimiter: string): number {
  let quoted = false;
  let count = 0;
  for (const char of line) {
    if (char === '"') quoted = !quoted;
    else if (char === delimiter && !quoted) count++;
  }
  return count;
}
