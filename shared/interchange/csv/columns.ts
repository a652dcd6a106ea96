import { detectType } from '../selector.ts';
import { readTypeName, type TypeName } from '../type-names.ts';

/** Which column (from 0) holds what. Several value columns give several indicators a row. */
export type CsvColumns = {
  readonly values: readonly { readonly column: number; readonly type: TypeName }[];
} & { readonly [field in CsvField]?: number };
export type CsvField = (typeof csvFields)[number];

export const csvFields = [
  'type',
  'tlp',
  'pap',
  'firstSeen',
  'lastSeen',
  'confidence',
  'description',
  'bank',
  'country',
  'platform',
] as const;

const HEADERS: Readonly<Record<CsvField | 'value', string>> = {
  value: 'value|indicator|indicatorvalue|ioc|iocvalue|observable|observablevalue|artifact|ค่า|nilai|giátrị',
  type: 'type|indicatortype|ioctype|kind|datatype|observabletype|category type|ประเภท|ชนิด|jenis|loại|tipe',
  tlp: 'tlp|tlpmarking|marking|trafficlight|trafficlightprotocol',
  pap: 'pap|permissibleactions',
  firstSeen: 'firstseen|first|date|datefirstseen|timestamp|วันที่|tarikh|tanggal',
  lastSeen: 'lastseen|last|datelastseen',
  confidence: 'confidence|score|certainty',
  description:
    'description|comment|comments|note|notes|remark|remarks|info|context|details|หมายเหตุ|catatan|ghichú',
  bank: 'bank|bankname|ธนาคาร|ngânhàng',
  country: 'country|countrycode|ประเทศ|negara',
  platform: 'platform|messenger|service|app name',
};

const fieldByName = new Map<string, CsvField | 'value'>();
for (const field of [...csvFields, 'value'] as const) {
  for (const name of HEADERS[field].split('|')) fieldByName.set(plain(name), field);
}

export type Layout = { readonly header: readonly string[] | null; readonly columns: CsvColumns };

/** Reads the header, or the cells where there is none. `values` is empty when no column holds indicators. [IN-31] */
export function detectColumns(rows: readonly (readonly string[])[]): Layout {
  const [first = [], ...rest] = rows;
  const named = first.some((cell) => fieldByName.has(plain(cell)) || readTypeName(cell) !== null);
  const holdsValue = first.some((cell) => detectType(cell) !== null);
  if (named && !holdsValue) return { header: first, columns: fromHeader(first, rest) };
  const detected = fromCells(rows);
  const later = holdsValue ? detected : fromCells(rest);
  return !holdsValue && later.values.length > 0 && rest.length > 0
    ? { header: first, columns: later }
    : { header: null, columns: detected };
}

function fromHeader(header: readonly string[], rows: readonly (readonly string[])[]): CsvColumns {
  const fields: { [field in CsvField]?: number } = {};
  const typed: { column: number; type: TypeName }[] = [];
  let value: number | null = null;
  for (const [column, name] of header.entries()) {
    const field = fieldByName.get(plain(name));
    const type = readTypeName(name);
    if (field === 'value') value ??= column;
    else if (field !== undefined) fields[field] ??= column;
    else if (type !== null) typed.push({ column, type });
  }
  if (value !== null) return { ...fields, values: [{ column: value, type: 'auto' }] };
  return { ...fields, values: typed.length > 0 ? typed : fromCells(rows).values };
}

function fromCells(rows: readonly (readonly string[])[]): CsvColumns {
  const sample = rows.slice(0, 30);
  const width = Math.max(0, ...sample.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, column) => column);
  const type = columns.find((column) => isMostly(sample, column, (cell) => readTypeName(cell) !== null));
  const values = columns
    .filter((column) => column !== type && isMostly(sample, column, (cell) => detectType(cell) !== null))
    .map((column) => ({ column, type: 'auto' as const }));
  if (type === undefined) return { values };
  const beside = columns.find((column) => column > type) ?? columns.find((column) => column !== type);
  const fallback = beside === undefined ? [] : [{ column: beside, type: 'auto' as const }];
  return { type, values: values.length > 0 ? values.slice(0, 1) : fallback };
}

function isMostly(
  rows: readonly (readonly string[])[],
  column: number,
  fits: (cell: string) => boolean,
): boolean {
  const cells = rows
    .map((row) => row[column]?.trim() ?? '')
    .filter((cell) => cell !== '' && !cell.startsWith('#'));
  return cells.length > 0 && cells.filter(fits).length * 2 > cells.length;
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_./()-]/g, '');
}
