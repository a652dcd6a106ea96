const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** `Thailand` for `TH`; the code itself when it names no country. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
}

/** `TH · CCIB` for the desk `TH-CCIB`: the country is said once. */
export function deskLine({ country, desk }: { readonly country: string; readonly desk: string }): string {
  const own = desk.startsWith(`${country}-`) ? desk.slice(country.length + 1) : desk;
  return `${country} · ${own}`;
}
