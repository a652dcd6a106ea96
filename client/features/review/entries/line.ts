import type { TimelineRow } from '#shared/contracts/review-timeline.ts';

/** A line of the list, as the hub folded it; `texts` are what a search found in it. */
export type Line = TimelineRow & { readonly texts: readonly string[] };
