const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** `Thailand` for `TH`; the code itself when it names no country. `ZZ` stands for none. */
export function countryName(code: string): string {
  if (code === 'ZZ') return 'International';
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
}

/** `TH · CCIB` for the desk `TH-CCIB`: the country is said once. */
export function deskLine({ country, desk }: { readonly country: string; readonly desk: string }): string {
  const own = desk.startsWith(`${country}-`) ? desk.slice(country.length + 1) : desk;
  return `${country} · ${own}`;
}
