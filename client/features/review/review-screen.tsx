import { Suspense } from 'react';
import { useSearchParams } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Tabs } from '#client/ui/controls/tabs.tsx';
import { Loading } from '#client/ui/states/states.tsx';
import { BeginReview } from './begin-review.tsx';
import { useFindingsLive } from './findings/use-findings.ts';
import { partNamed, parts } from './parts.tsx';
import styles from './review.module.css';
import type { ReviewProps } from './review-head.tsx';
import { reviewText } from './text.ts';
import { useBegun } from './use-review.ts';
import { useTrust } from './verify/use-trust.ts';

/** The record of the operation, read after the act that says so is on it. */
export function ReviewScreen(props: ReviewProps) {
  const begun = useBegun(props.operationId);
  if (begun === null) return <BeginReview operationId={props.operationId} name={props.name} />;
  return <Reading {...props} purpose={begun.purpose} />;
}

/** Which part of the review is on screen stands in the address. */
function Reading(props: ReviewProps & { readonly purpose: string }) {
  const say = useText('review', reviewText);
  useFindingsLive(props.operationId);
  const trust = useTrust(props.operationId, props.origin).data;
  const [query, setQuery] = useSearchParams();
  const { id: view, Shows } = partNamed(query.get('view'));
  return (
    <div className={styles.review}>
      <div className={styles.views}>
        <Tabs
          label={say('views')}
          panel="review-view"
          tabs={parts.map(({ id, label }) => ({ id, label: say(label) }))}
          chosen={view}
          onChoose={(id) => setQuery(id === 'timeline' ? {} : { view: id })}
        />
      </div>
      <div id="review-view" role="tabpanel" className={styles.view}>
        <Suspense fallback={<Loading label={say('loading')} />}>
          <Shows {...props} trust={trust} />
        </Suspense>
      </div>
    </div>
  );
}
