import { type Refusal, refuse } from '#shared/kernel/failures.ts';

/**
 * What one board may hold. Writers refuse beyond it with `too.large`; the screen shows how much is left before that.
 * Lengths are UTF-16 code units, positions are board units (CSS pixels at 100 %).
 */
export const boardLimits = {
  cards: 10_000,
  links: 20_000,
  frames: 500,
  title: 200,
  text: 10_000,
  label: 120,
  /** Positions lie within ± this. */
  extent: 1_000_000,
  cardWidth: { least: 140, most: 640 },
  frameSide: { least: 80, most: 20_000 },
} as const;

/** The nearest whole unit within the board. */
export function inBoard(place: number): number {
  return Math.min(boardLimits.extent, Math.max(-boardLimits.extent, Math.round(place)));
}

export function tooLarge(where: string, what: string): Refusal {
  return refuse('too.large', { where, what });
}
