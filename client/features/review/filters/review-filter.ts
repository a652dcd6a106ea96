import type { EventKind } from '#shared/contracts/event-kinds.ts';
import type { TimelineGroup } from '#shared/contracts/review-timeline.ts';

/** What is read of the record. Times are RFC 3339 in UTC; an empty text sets no bound. */
export type ReviewFilter = {
  readonly country: string;
  readonly officerId: string;
  readonly group: TimelineGroup | '';
  readonly kind: EventKind | '';
  readonly outcome: 'ok' | 'refused' | '';
  readonly compartment: string;
  readonly object: { readonly kind: string; readonly id: string } | null;
  readonly from: string;
  readonly until: string;
};

export const noFilter: ReviewFilter = {
  country: '',
  officerId: '',
  group: '',
  kind: '',
  outcome: '',
  compartment: '',
  object: null,
  from: '',
  until: '',
};

export function isFiltered(filter: ReviewFilter): boolean {
  return Object.values(filter).some((value) => value !== '' && value !== null);
}
