import type { RoomPass, Session } from '#server/platform/access.ts';
import { sql } from '#server/platform/storage/store.ts';
import { asId, type CompartmentId, type OfficerId } from '#shared/kernel/ids.ts';

/** Whoever asks, or for whom somebody asks. */
export type Reader = Pick<RoomPass, 'compartments'> & { readonly session: Pick<Session, 'officer'> };

/** Nobody's id: made by nobody, so that only compartments count. */
const nobody = asId<OfficerId>('');

/** A reader who is no person: sees what these compartments receive, and nothing of their own. */
export function readerOfCompartments(compartments: Iterable<CompartmentId>): Reader {
  return { compartments: new Set(compartments), session: { officer: nobody } };
}

/** What a desk may see is what each of its members may; nothing without a member. [RC-77] */
export function sharedBy(
  members: readonly { readonly compartment_ids: readonly CompartmentId[] }[],
): CompartmentId[] {
  const [first, ...others] = members.map(({ compartment_ids }) => compartment_ids);
  return (first ?? []).filter((id) => others.every((held) => held.includes(id)));
}

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
