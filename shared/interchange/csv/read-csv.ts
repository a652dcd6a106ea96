import { type CsvColumns, detectColumns } from './columns.ts';
import { detectDelimiter, readRecords } from './records.ts';
import { type CsvIndicator, type CsvVerdict, isComment, type ReadCsvOptions, RowReader } from './rows.ts';

export type CsvResult = {
  readonly delimiter: string;
  readonly header: readonly string[] | null;
  readonly columns: CsvColumns;
  readonly verdicts: readonly CsvVerdict[];
  /** What to keep. Commit these and not the verdicts: only here has the strictest marking been applied. [IN-35] */
  readonly indicators: readonly CsvIndicator[];
};

const MOST_RECORDS = 100_000;

/** A verdict for every row; one bad row never stops the rest. [IN-30] */
export function readCsv(text: string, options: ReadCsvOptions): CsvResult {
  const { body, delimiter } = prepare(text, options.delimiter);
  const limit = options.limit ?? MOST_RECORDS;
  const records = readRecords(body, delimiter, limit + 1);
  const sample = records.slice(0, 40).flatMap(({ cells }) => (cells && !isComment(cells) ? [cells] : []));
  const detected = detectColumns(sample);
  const hasHeader = options.header ?? detected.header !== null;
  const header = hasHeader ? (sample[0] ?? null) : null;
  const reader = new RowReader(header, options.columns ?? detected.columns, options);
  let headerSeen = !hasHeader;
  for (const { number, cells } of records.slice(0, limit)) {
    if (!headerSeen && cells === sample[0]) headerSeen = true;
    else reader.read(number, cells);
  }
  if (records.length > limit) reader.stop(limit + 1, limit);
  return {
    delimiter,
    header,
    columns: reader.columns,
    verdicts: reader.verdicts,
    indicators: reader.indicators(),
  };
}

function prepare(text: string, chosen: string | undefined): { body: string; delimiter: string } {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const directive = /^sep=(.)\r?\n/.exec(body);
  if (directive) return { body: body.slice(directive[0].length), delimiter: chosen ?? directive[1] ?? ',' };
  return { body, delimiter: chosen ?? detectDelimiter(body) };
}
