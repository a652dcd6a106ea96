import type { RoomPass, Session } from '#server/platform/access.ts';
import { sql } from '#server/platform/storage/store.ts';

/** Whoever asks, or for whom somebody asks. */
export type Reader = Pick<RoomPass, 'compartments'> & { readonly session: Pick<Session, 'officer'> };

type Columns = {
  /** Compartment of the row; null when it stands in none. */
  readonly compartment: ReturnType<typeof sql>;
  /** Officer who made it; null when nobody did. */
  readonly by: ReturnType<typeof sql>;
};

/** `maySee` of shared/policy as a condition on rows: true or false, never null. A test holds the two together. [RC-44] */
export function visibleTo(reader: Reader, { compartment, by }: Columns) {
  return sql<boolean>`(
    (${compartment} is not null and ${compartment} = any(${[...reader.compartments]}::text[]))
    or (${by} is not null and ${by} = ${reader.session.officer}))`;
}
