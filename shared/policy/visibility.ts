import type { CompartmentId, OfficerId } from '../kernel/ids.ts';

/** A member as the visibility filter sees them: a reader with compartments, not a role. */
export type Reader = { readonly officer: OfficerId; readonly compartments: ReadonlySet<CompartmentId> };

/** Whatever may be withheld: an entry, a message, a board, an indicator. */
export type Item = { readonly compartment: CompartmentId | null; readonly by: OfficerId | null };

/**
 * The one rule of who receives: members of the item's compartment, and whoever made it. What stands in no
 * compartment concerns its maker only. TLP says what receivers may do onward and takes nothing away here.
 */
export function maySee(reader: Reader, item: Item): boolean {
  if (item.compartment !== null && reader.compartments.has(item.compartment)) return true;
  return item.by !== null && item.by === reader.officer;
}
