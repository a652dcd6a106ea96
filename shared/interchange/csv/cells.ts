import type { Millis } from '#shared/kernel/clock.ts';

import { canonicalisePhone, isScientific } from '../families/phone.ts';
import { canonicaliseAs, type TypeName } from '../type-names.ts';
import { type Canonical, type CanonicaliseOptions, refused } from '../verdict.ts';

const FORMULA_START = /^[=+\-@\t\r]/;
/** The apostrophe by which spreadsheets, and our own exports, mark a cell as text. */
const MARKED_AS_TEXT = /^'(?=[=+\-@\t\r\0])/;

export function unmarkText(cell: string): string {
  return cell.replace(MARKED_AS_TEXT, '');
}

/** A cell that holds a value: formulas and numbers rounded by a spreadsheet are refused with a way out. [IN-34] */
export function readValueCell(
  cell: string,
  type: TypeName,
  options: CanonicaliseOptions & { named?: string },
): Canonical {
  const raw = unmarkText(cell).trim();
  if (isScientific(raw) && raw.length <= 24) {
    return refused(
      'number-in-scientific-notation',
      'The spreadsheet has rounded this number: digits are lost.',
      'Format the column as text in the spreadsheet and export it again.',
    );
  }
  if (FORMULA_START.test(raw) && !isHarmlessStart(raw, type, options.defaultCountry)) {
    return refused(
      'formula',
      'The cell begins like a spreadsheet formula.',
      'Copy the column as values and import it again.',
    );
  }
  return canonicaliseAs(type, raw, options);
}

function isHarmlessStart(raw: string, type: TypeName, country: string | undefined): boolean {
  if (raw.startsWith('=')) return false;
  if (raw.startsWith('@')) return type === 'messenger';
  return (type === 'messenger' && /^\+[\w-]+$/.test(raw)) || canonicalisePhone(raw, country).ok;
}

/** Dates that can be read in one way only: ISO 8601, or day and month that cannot be exchanged. `null` otherwise. */
export function readDate(cell: string): Millis | null {
  const text = cell.trim();
  const iso =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
      text,
    );
  if (iso) return time(`${iso[1]}-${iso[2]}-${iso[3]}T${clockTime(iso[4])}${iso[5] ?? 'Z'}`);
  const local = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text);
  if (!local) return null;
  const [first, second, year] = [Number(local[1]), Number(local[2]), local[3]];
  if (first <= 12 && second <= 12 && first !== second) return null;
  const [day, month] = first > 12 ? [first, second] : [second, first];
  return time(`${year}-${pad(month)}-${pad(day)}T00:00:00Z`);
}

/** 0 to 100, or the words low, medium and high (STIX 2.1 appendix A). */
export function readConfidence(cell: string): number | null {
  const text = cell.trim().toLowerCase().replace(/\s*%$/, '');
  const words: Readonly<Record<string, number>> = { low: 15, med: 50, medium: 50, high: 85 };
  if (Object.hasOwn(words, text)) return words[text] ?? null;
  return /^\d{1,3}$/.test(text) && Number(text) <= 100 ? Number(text) : null;
}

function clockTime(text: string | undefined): string {
  if (text === undefined) return '00:00:00';
  return text.length === 5 ? `${text}:00` : text.replace(/(\.\d{3})\d+$/, '$1');
}

function time(iso: string): Millis | null {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : at;
}

function pad(part: number): string {
  return String(part).padStart(2, '0');
}
