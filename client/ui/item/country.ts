const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** `Thailand` for `TH`; the code itself when it names no country. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
}
