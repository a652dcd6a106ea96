import type { CountryFigures, Debrief } from '#shared/contracts/review-report.ts';

export type Figure = Exclude<keyof CountryFigures, 'country'>;

/** Columns in their order: who, then what they did, then how it was handled. */
export const figures: readonly Figure[] = [
  'members',
  'acts',
  'boardChanges',
  'messages',
  'indicators',
  'withdrawn',
  'consultations',
  'exports',
  'denials',
  'replies',
  'medianReplyMinutes',
];

/** Figures that add up over countries. A median does not. */
export const summed = [
  'members',
  'acts',
  'boardChanges',
  'messages',
  'indicators',
  'consultations',
  'exports',
  'denials',
] as const satisfies readonly Figure[];

export function sumOf(countries: readonly CountryFigures[], figure: (typeof summed)[number]): number {
  return countries.reduce((sum, one) => sum + one[figure], 0);
}

/** Countries, without the hub. */
export function countriesIn({ countries }: Pick<Debrief, 'countries'>): number {
  return countries.filter(({ country }) => country !== '').length;
}

/** The largest first; the hub, which is no country, last; alphabetical where figures are equal. */
export function ordered(countries: readonly CountryFigures[], by: Figure | 'country'): CountryFigures[] {
  const weight = (one: CountryFigures) => (by === 'country' ? 0 : (one[by] ?? -1));
  return [...countries].sort((a, b) => {
    if ((a.country === '') !== (b.country === '')) return a.country === '' ? 1 : -1;
    return weight(b) - weight(a) || (a.country < b.country ? -1 : 1);
  });
}

/** What a bar of a column is measured by; 0 where nothing is to be drawn. */
export function mostOf(countries: readonly CountryFigures[], figure: Figure): number {
  return Math.max(0, ...countries.map((one) => one[figure] ?? 0));
}

/** `2026-11-24 20:28`: on paper the year has to be said. */
export function dated(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
