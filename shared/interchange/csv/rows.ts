import type { Millis } from '#shared/kernel/clock.ts';
import { type Pap, papLabels, strictest, type Tlp } from '#shared/policy/markings.ts';

import { readPap, readTlp } from '../marking-names.ts';
import type { Selector } from '../selector-types.ts';
import { readTypeName, type TypeName } from '../type-names.ts';
import type { CanonicaliseOptions, Note, ProblemCode } from '../verdict.ts';
import { readConfidence, readDate, readValueCell, unmarkText } from './cells.ts';
import type { CsvColumns, CsvField } from './columns.ts';

export type ReadCsvOptions = {
  /** What applies to rows that state no marking. */
  readonly defaults: { readonly tlp: Tlp; readonly pap: Pap };
  readonly defaultCountry?: string;
  /** Chosen by the officer; detected when absent. */
  readonly delimiter?: string;
  readonly columns?: CsvColumns;
  /** Whether the first record names the columns; detected when absent. */
  readonly header?: boolean;
  /** Records read at most, the header among them. */
  readonly limit?: number;
};

/** What a row says beside the value. `marked` is false when the default marking applies. */
export type CsvFacts = {
  readonly tlp: Tlp;
  readonly pap: Pap;
  readonly marked: boolean;
  readonly firstSeen: Millis | null;
  readonly lastSeen: Millis | null;
  readonly confidence: number | null;
  readonly description: string;
  /** Fields that were filled in but could not be understood. */
  readonly unread: readonly CsvField[];
};

/** `row` counts records from 1, the header among them; `column` is its heading, or its number from 1. */
type Place = { readonly row: number; readonly column: string; readonly raw: string };
export type CsvVerdict =
  | (Place &
      CsvFacts & { readonly result: 'ok'; readonly selector: Selector; readonly notes: readonly Note[] })
  | (Place & CsvFacts & { readonly result: 'merged'; readonly selector: Selector; readonly intoRow: number })
  | (Place & {
      readonly result: 'error';
      readonly code: ProblemCode;
      readonly message: string;
      readonly hint?: string;
    })
  | { readonly row: number; readonly result: 'skipped'; readonly code: 'empty' | 'comment' };

/** One selector of the file under the strictest marking any of its rows gives it. */
export type CsvIndicator = {
  readonly selector: Selector;
  readonly rows: readonly number[];
  readonly tlp: Tlp;
  readonly pap: Pap;
};

export function isComment(cells: readonly string[]): boolean {
  return cells[0]?.trimStart().startsWith('#') ?? false;
}

/** Reads rows in turn and remembers what they amount to. */
export class RowReader {
  readonly columns: CsvColumns;
  readonly verdicts: CsvVerdict[] = [];
  private readonly header: readonly string[] | null;
  private readonly options: ReadCsvOptions;
  private readonly kept = new Map<string, { selector: Selector; rows: number[]; tlp: Tlp; pap: Pap }>();

  constructor(header: readonly string[] | null, columns: CsvColumns, options: ReadCsvOptions) {
    this.header = header;
    this.columns = columns;
    this.options = options;
  }

  read(row: number, cells: readonly string[] | null): void {
    if (cells === null) {
      this.refuse(
        { row, column: '', raw: '' },
        { code: 'bad-row', message: 'A quotation mark in this row is never closed.' },
      );
    } else if (cells.every((cell) => cell.trim() === '')) {
      this.verdicts.push({ row, result: 'skipped', code: 'empty' });
    } else if (isComment(cells)) {
      this.verdicts.push({ row, result: 'skipped', code: 'comment' });
    } else this.readFilled(row, cells);
  }

  stop(row: number, limit: number): void {
    const message = `Only the first ${limit} rows were read.`;
    this.refuse({ row, column: '', raw: '' }, { code: 'too-large', message, hint: 'Split the file.' });
  }

  indicators(): CsvIndicator[] {
    return [...this.kept.values()];
  }

  private readFilled(row: number, cells: readonly string[]): void {
    const marking = this.readMarking(row, cells);
    if (!marking) return;
    const facts = { ...marking, ...this.readFacts(cells) };
    const filled = this.columns.values.filter(({ column }) => (cells[column]?.trim() ?? '') !== '');
    if (filled.length === 0) {
      const column = this.nameOf(this.columns.values[0]?.column ?? 0);
      this.refuse({ row, column, raw: '' }, { code: 'empty', message: 'The row has no value.' });
    }
    for (const { column, type } of filled) {
      const place = { row, column: this.nameOf(column), raw: (cells[column] ?? '').slice(0, 200) };
      this.readValue(place, cells, { column, type, facts });
    }
  }

  private readValue(
    place: Place,
    cells: readonly string[],
    at: { column: number; type: TypeName; facts: CsvFacts },
  ): void {
    const typeCell = this.cell(cells, 'type');
    const named = typeCell !== '' && at.type === 'auto' ? typeCell : this.nameOf(at.column);
    const type = typeCell !== '' && at.type === 'auto' ? readTypeName(typeCell) : at.type;
    if (type === null) {
      const where = { ...place, column: this.nameOf(this.columns.type ?? 0), raw: typeCell.slice(0, 200) };
      this.refuse(where, { code: 'unknown-type', message: 'No type of indicator is called that.' });
      return;
    }
    const result = readValueCell(cells[at.column] ?? '', type, { ...this.context(cells), named });
    if (result.ok) this.keep(place, { selector: result.selector, notes: result.notes, facts: at.facts });
    else this.refuse(place, result);
  }

  private keep(place: Place, found: { selector: Selector; notes: readonly Note[]; facts: CsvFacts }): void {
    const { selector, notes, facts } = found;
    const before = selector.type === 'other' ? undefined : this.kept.get(selector.key);
    if (!before) {
      const key = selector.type === 'other' ? `${selector.key}#${place.row}` : selector.key;
      this.kept.set(key, { selector, rows: [place.row], tlp: facts.tlp, pap: facts.pap });
      this.verdicts.push({ ...place, ...facts, result: 'ok', selector, notes });
      return;
    }
    before.rows.push(place.row);
    before.tlp = strictest([before.tlp, facts.tlp]);
    before.pap = strictestPap(before.pap, facts.pap);
    const intoRow = before.rows[0] ?? place.row;
    this.verdicts.push({ ...place, ...facts, result: 'merged', selector, intoRow });
  }

  private readMarking(row: number, cells: readonly string[]): { tlp: Tlp; pap: Pap; marked: boolean } | null {
    const [tlpCell, papCell] = [this.cell(cells, 'tlp'), this.cell(cells, 'pap')];
    const tlp = tlpCell === '' ? this.options.defaults.tlp : readTlp(tlpCell);
    const pap = papCell === '' ? this.options.defaults.pap : readPap(papCell);
    if (tlp !== null && pap !== null) return { tlp, pap, marked: tlpCell !== '' };
    const [field, raw] = tlp === null ? (['tlp', tlpCell] as const) : (['pap', papCell] as const);
    const column = this.nameOf(this.columns[field] ?? 0);
    const hint = 'Use CLEAR, GREEN, AMBER, AMBER+STRICT or RED.';
    this.refuse(
      { row, column, raw: raw.slice(0, 200) },
      { code: 'unknown-marking', message: 'This marking is not known.', hint },
    );
    return null;
  }

  private readFacts(cells: readonly string[]): Omit<CsvFacts, 'tlp' | 'pap' | 'marked'> {
    const firstSeen = readDate(this.cell(cells, 'firstSeen'));
    const lastSeen = readDate(this.cell(cells, 'lastSeen'));
    const confidence = readConfidence(this.cell(cells, 'confidence'));
    const read = { firstSeen, lastSeen, confidence };
    const unread = (['firstSeen', 'lastSeen', 'confidence'] as const).filter(
      (field) => read[field] === null && this.cell(cells, field) !== '',
    );
    return { ...read, description: this.cell(cells, 'description'), unread };
  }

  private context(cells: readonly string[]): CanonicaliseOptions {
    const country = this.cell(cells, 'country').toUpperCase() || this.options.defaultCountry;
    const bank = this.cell(cells, 'bank');
    const platform = this.cell(cells, 'platform');
    return {
      ...(country !== undefined && /^[A-Z]{2}$/.test(country) ? { defaultCountry: country } : {}),
      ...(bank !== '' ? { bank } : {}),
      ...(platform !== '' ? { platform } : {}),
    };
  }

  private cell(cells: readonly string[], field: CsvField): string {
    const column = this.columns[field];
    return column === undefined ? '' : unmarkText(cells[column]?.trim() ?? '');
  }

  private nameOf(column: number): string {
    return this.header?.[column]?.trim() || String(column + 1);
  }

  private refuse(place: Place, why: { code: ProblemCode; message: string; hint?: string }): void {
    const { code, message, hint } = why;
    this.verdicts.push({ ...place, result: 'error', code, message, ...(hint === undefined ? {} : { hint }) });
  }
}

function strictestPap(a: Pap, b: Pap): Pap {
  return papLabels.indexOf(a) >= papLabels.indexOf(b) ? a : b;
}
