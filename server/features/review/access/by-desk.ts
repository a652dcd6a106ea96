import type { Person } from '#shared/contracts/common.ts';

type Row = { readonly person: Person };

export function byDesk(a: Row, b: Row): number {
  return deskAndName(a) < deskAndName(b) ? -1 : 1;
}

function deskAndName({ person }: Row): string {
  return `${person.country} ${person.desk} ${person.name}`;
}
