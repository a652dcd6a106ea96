import type { Person } from '#shared/contracts/common.ts';

export const shows = ['everybody', 'could', 'consulted', 'unread', 'could-not'] as const;
export type Show = (typeof shows)[number];

/** An empty text asks for nothing. */
export type PeopleFilter = { readonly country: string; readonly role: string; readonly show: Show };

export const noFilter: PeopleFilter = { country: '', role: '', show: 'everybody' };

/** A person as the filter sees them: of the whole, or of one item. */
export type Counted = {
  readonly person: Person;
  readonly role: string | null;
  readonly could: boolean;
  readonly consulted: boolean;
};

export function fits({ person, role, could, consulted }: Counted, filter: PeopleFilter): boolean {
  if (filter.country !== '' && person.country !== filter.country) return false;
  if (filter.role !== '' && (role ?? 'none') !== filter.role) return false;
  switch (filter.show) {
    case 'everybody':
      return true;
    case 'could':
      return could;
    case 'consulted':
      return consulted;
    case 'unread':
      return could && !consulted;
    case 'could-not':
      return !could;
  }
}

/** Somebody of each desk, for all of it. */
export type Desks<Row> = readonly { readonly desk: Person; readonly rows: readonly Row[] }[];

/** Rows of one desk after another, as they come. */
export function byDesk<Row extends { readonly person: Person }>(rows: readonly Row[]): Desks<Row> {
  const desks: { desk: Person; rows: Row[] }[] = [];
  for (const row of rows) {
    const last = desks.at(-1);
    if (last !== undefined && last.desk.desk === row.person.desk) last.rows.push(row);
    else desks.push({ desk: row.person, rows: [row] });
  }
  return desks;
}
