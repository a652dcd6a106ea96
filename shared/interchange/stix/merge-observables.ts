import type { StixRow } from './bundle-reader.ts';
import { type StixMarkings, stricter } from './markings/read-markings.ts';

/**
 * An observable that indicators of the bundle already stand for adds nothing but its marking: when that is stricter
 * than those of all its indicators, it is theirs too. [IN-44]
 */
export function mergeObservables(rows: readonly StixRow[]): StixRow[] {
  const indicated = indicatorsByKey(rows);
  const merged = [...rows];
  for (const [at, row] of rows.entries()) {
    const places = row.selectors.map(({ key }) => indicated.get(key));
    if (row.type === 'indicator' || places.length === 0 || places.includes(undefined)) continue;
    raise(
      merged,
      places.flatMap((place) => place ?? []),
      row.markings,
    );
    merged[at] = { ...row, selectors: [] };
  }
  return merged.filter((row) => row.selectors.length > 0 || row.pattern !== null);
}

function indicatorsByKey(rows: readonly StixRow[]): Map<string, number[]> {
  const indicated = new Map<string, number[]>();
  for (const [at, row] of rows.entries()) {
    if (row.type !== 'indicator') continue;
    for (const { key } of row.selectors) {
      const places = indicated.get(key);
      if (places) places.push(at);
      else indicated.set(key, [at]);
    }
  }
  return indicated;
}

function raise(rows: StixRow[], places: readonly number[], markings: StixMarkings): void {
  const held = places.reduce<StixMarkings>((sum, at) => stricter(sum, rows[at]?.markings ?? sum), {
    tlp: null,
    pap: null,
  });
  const all = stricter(held, markings);
  const added = { tlp: all.tlp === held.tlp ? null : all.tlp, pap: all.pap === held.pap ? null : all.pap };
  for (const at of places) {
    const row = rows[at];
    if (row) rows[at] = { ...row, markings: stricter(row.markings, added) };
  }
}
