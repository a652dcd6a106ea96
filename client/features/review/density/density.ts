import type { Finding } from '#shared/contracts/review-findings.ts';
import type { Mark } from '../findings/findings.ts';
import type { TimelinePage } from '../use-timeline.ts';

export type Cell = { readonly column: number; readonly row: number; readonly count: number };

/** Counts laid out in columns of equal time and a row for each country, the busiest first. */
export type Density = {
  readonly start: number;
  /** Milliseconds a column stands for. */
  readonly step: number;
  readonly columns: number;
  readonly countries: readonly string[];
  readonly cells: readonly Cell[];
  readonly most: number;
};

const HOUR = 3_600_000;
const steps = [1, 2, 3, 4, 6, 12, 24, 48, 168].map((hours) => hours * HOUR);
const MOST_COLUMNS = 96;
const LEAST_COLUMNS = 24;

/** `null` when there is nothing to show. */
export function layOut(counts: TimelinePage['density']): Density | null {
  const times = counts.map(({ hour }) => Date.parse(hour));
  if (times.length === 0) return null;
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const step =
    steps.find((each) => (last - first) / each + 1 <= MOST_COLUMNS) ?? (last - first) / MOST_COLUMNS;
  const start = first - (first % step);
  const columns = Math.max(LEAST_COLUMNS, Math.floor((last - start) / step) + 1);
  const countries = busiestFirst(counts);
  const sums = new Map<string, Cell>();
  for (const { hour, country, count } of counts) {
    const column = Math.floor((Date.parse(hour) - start) / step);
    const row = countries.indexOf(country);
    const key = `${row}:${column}`;
    sums.set(key, { row, column, count: (sums.get(key)?.count ?? 0) + count });
  }
  const cells = [...sums.values()];
  return { start, step, columns, countries, cells, most: Math.max(...cells.map(({ count }) => count)) };
}

/** Findings in the cell of what they are about; those about nothing the strip shows are left out. */
export function marksIn({ start, step, columns, countries }: Density, findings: readonly Finding[]): Mark[] {
  const cells = new Map<string, { row: number; along: number; findings: Finding[] }>();
  for (const finding of findings) {
    const { kind, at, country } = finding.pinned;
    const column = Math.floor((Date.parse(at) - start) / step);
    const row = countries.indexOf(country ?? '');
    if (kind === '' || row < 0 || column < 0 || column >= columns) continue;
    const cell = cells.get(`${row}:${column}`);
    if (cell) cell.findings.push(finding);
    else cells.set(`${row}:${column}`, { row, along: (column + 0.5) / columns, findings: [finding] });
  }
  return [...cells.values()];
}

function busiestFirst(counts: TimelinePage['density']): readonly string[] {
  const sums = new Map<string, number>();
  for (const { country, count } of counts) sums.set(country, (sums.get(country) ?? 0) + count);
  return [...sums].sort(([, a], [, b]) => b - a).map(([country]) => country);
}
