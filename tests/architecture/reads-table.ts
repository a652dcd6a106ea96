import { readText } from './source.ts';

/** A line of the table of reads. [AC-30] */
export type ReadRow = {
  readonly names: readonly string[];
  readonly sort: 'calls' | 'channel' | 'routes';
  /** The opening that these are within, or the entry that each of them is; neither: no content of an operation. */
  readonly within: string | null;
  readonly kind: string | null;
  readonly none: boolean;
};

export function readsTable(): ReadRow[] {
  const page = readText('docs/protocol/access.md');
  const table = page.slice(page.indexOf('| Read |'), page.indexOf('"Within"'));
  return [...table.matchAll(/^\| (.+) \| (.+) \|$/gm)]
    .map(
      ([, reads = '', says = '']): ReadRow => ({
        names: [...reads.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
        sort: reads.startsWith('channel') ? 'channel' : reads.startsWith('routes') ? 'routes' : 'calls',
        within: /^within `([a-z.-]+)`$/.exec(says)?.[1] ?? null,
        kind: /^`([a-z.-]+)`$/.exec(says)?.[1] ?? null,
        none: says === 'no content of an operation',
      }),
    )
    .filter(({ names }) => names.length > 0);
}

export function namesOf(rows: readonly ReadRow[]): string[] {
  return rows.flatMap(({ names }) => names);
}
