import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

import { foldText } from '../fold.ts';
import { accepted, type Canonical, refused } from '../verdict.ts';

const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i;

/** True for what spreadsheets make of long numbers: `8.12346E+08`. */
export function isScientific(text: string): boolean {
  return SCIENTIFIC.test(text.trim());
}

/** E.164. National numbers need the import's country; national digits and a leading 00 are understood. [IN-14] */
export function canonicalisePhone(raw: string, defaultCountry?: string): Canonical {
  const text = foldText(raw).trim().replace(/^tel:/i, '');
  if (isScientific(text)) {
    return refused(
      'number-in-scientific-notation',
      'The spreadsheet has rounded this number: digits are lost.',
      'Format the column as text in the spreadsheet and export it again.',
    );
  }
  if (text.length > 40 || !/^[+(\d][\d\s().+/-]*$/.test(text))
    return refused('invalid', 'This is not a phone number.');
  const number = parseNumber(text, defaultCountry);
  if (number) {
    const meta = { ...(number.country ? { country: number.country } : {}), ...kindOf(number.getType()) };
    return accepted({ type: 'phone', value: number.number, display: number.formatInternational(), meta });
  }
  if (!text.startsWith('+') && !text.startsWith('00') && defaultCountry === undefined) {
    return refused(
      'unknown-country',
      'A national number, and no country to read it by.',
      'Choose a default country.',
    );
  }
  return refused('invalid', 'No phone number of that country looks like this.');
}

function parseNumber(text: string, country: string | undefined) {
  const plain = text.replace(/^(\+\d{1,3}\s*)\(0\)/, '$1');
  if (plain.startsWith('00')) {
    const international = parsePhoneNumberFromString(`+${plain.slice(2)}`, { extract: false });
    if (international?.isValid()) return international;
  }
  const known = country !== undefined && isSupportedCountry(country) ? country : undefined;
  const number = parsePhoneNumberFromString(plain, {
    extract: false,
    ...(known ? { defaultCountry: known } : {}),
  });
  return number?.isValid() ? number : null;
}

function kindOf(type: string | undefined): { kind?: string } {
  if (type === undefined) return {};
  return { kind: type.toLowerCase().replace(/_/g, '-') };
}
