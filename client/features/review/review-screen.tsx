import { BeginReview } from './begin-review.tsx';
import type { ReviewProps } from './review-head.tsx';
import { Timeline } from './timeline.tsx';
import { useBegun } from './use-review.ts';
import { useTrust } from './verify/use-trust.ts';

/** The record of the operation, read after the act that says so is on it. */
export function ReviewScreen(props: ReviewProps) {
  const begun = useBegun(props.operationId);
  if (begun === null) return <BeginReview operationId={props.operationId} name={props.name} />;
  return <Reading {...props} purpose={begun.purpose} />;
}

function Reading(props: ReviewProps & { readonly purpose: string }) {
  const trust = useTrust(props.operationId, props.origin).data;
  return <Timeline {...props} trust={trust} />;
}
