import {
  countrySpecs,
  electronicFormatIBAN,
  friendlyFormatIBAN,
  ValidationErrorsIBAN,
  validateIBAN,
} from 'ibantools';

import { foldText } from '../fold.ts';
import { accepted, type Canonical, type CanonicaliseOptions, refused } from '../verdict.ts';
import { type Bank, findBank } from './bank-names.ts';
import { isScientific } from './phone.ts';

/** Upper case without spaces; length and structure of the country, then mod 97 (ISO 13616). [IN-15] */
export function canonicaliseIban(raw: string): Canonical {
  const value =
    electronicFormatIBAN(
      foldText(raw)
        .trim()
        .replace(/^IBAN[\s:]*/i, ''),
    )?.toUpperCase() ?? '';
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{1,32}$/.test(value)) return refused('invalid', 'This is not an IBAN.');
  const { valid, errorCodes } = validateIBAN(value);
  if (valid) {
    const meta = { country: value.slice(0, 2) };
    return accepted({ type: 'iban', value, display: friendlyFormatIBAN(value) ?? value, meta });
  }
  if (errorCodes.includes(ValidationErrorsIBAN.NoIBANCountry)) {
    return refused('unknown-country', `${value.slice(0, 2)} has no IBANs.`, 'Enter it as a bank account.');
  }
  if (errorCodes.includes(ValidationErrorsIBAN.WrongBBANLength)) {
    return refused('wrong-length', 'An IBAN of that country has another length.');
  }
  return refused('bad-checksum', 'The check digits do not fit: a character is wrong.');
}

/** How many characters an IBAN beginning with these two letters has; `null` for countries without IBANs. */
export function ibanLength(country: string): number | null {
  return countrySpecs[country]?.chars ?? null;
}

/**
 * Digits and letters only, unique within country and bank. A bank's name may stand before the number. Without a bank
 * the key is weak and says so; an IBAN becomes one. [IN-16]
 */
export function canonicaliseAccount(raw: string, options: CanonicaliseOptions): Canonical {
  const text = foldText(raw).trim();
  if (isScientific(text)) {
    return refused(
      'number-in-scientific-notation',
      'The spreadsheet has rounded this number: digits are lost.',
      'Format the column as text in the spreadsheet and export it again.',
    );
  }
  const iban = /^[A-Z]{2}\d{2}/i.test(text) ? canonicaliseIban(text) : null;
  if (iban?.ok) return { ...iban, notes: [...iban.notes, 'retyped'] };
  const { named, number } = splitBank(text, options);
  if (!/^[0-9A-Z]{5,34}$/.test(number) || !/\d{5}/.test(number)) {
    return refused(
      'invalid',
      'An account number has at least five digits, and no other signs than spaces and hyphens.',
    );
  }
  return toAccount(number, named, options);
}

function splitBank(
  text: string,
  options: CanonicaliseOptions,
): { named: Bank | string | null; number: string } {
  const before = /^(\D*\p{L}\D*?)[\s:#-]+(\d.*)$/u.exec(text.slice(0, 80));
  const name = options.bank?.trim() || before?.[1]?.trim() || '';
  const number = (before?.[2] ?? text).replace(/[\s./-]/g, '').toUpperCase();
  if (name === '') return { named: null, number };
  return { named: findBank(name, options.defaultCountry) ?? name, number };
}

function toAccount(number: string, bank: Bank | string | null, options: CanonicaliseOptions): Canonical {
  const country = bank !== null && typeof bank !== 'string' ? bank.country : (options.defaultCountry ?? '');
  if (bank === null || typeof bank === 'string') {
    const meta = { ...(country ? { country } : {}), ...(bank ? { bank } : {}) };
    const namespace = `${country}:${(bank ?? '').toUpperCase().replaceAll(':', ' ')}`;
    return accepted({
      type: 'bank-account',
      value: number,
      namespace,
      meta,
      notes: bank ? [] : ['weak-key'],
    });
  }
  if (bank.digits && !bank.digits.includes(number.length)) {
    return refused('wrong-length', `An account at ${bank.name} has ${bank.digits.join(' or ')} digits.`);
  }
  const meta = { country, bank: bank.name, bic: bank.bic };
  return accepted({ type: 'bank-account', value: number, namespace: `${country}:${bank.bic}`, meta });
}
