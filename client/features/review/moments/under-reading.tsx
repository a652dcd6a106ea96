import type { ReactNode } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Loading, Refused } from '#client/ui/states/states.tsx';
import type { ReadingKind } from '#shared/contracts/review.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { useOpening } from '../use-review.ts';
import { momentsText } from './text.ts';
import { type Strip, useStrip } from './use-strip.ts';

type Props = {
  readonly operationId: OperationId;
  readonly what: ReadingKind;
  readonly purpose: string;
  readonly children: (given: { readonly reading: number; readonly strip: Strip }) => ReactNode;
};

/** A part of the review in which moments are chosen, once its opening is on the record. */
export function UnderReading({ operationId, what, purpose, children }: Props) {
  const say = useText('moments', momentsText);
  const opening = useOpening(operationId, what, purpose);
  const strip = useStrip(operationId, opening.data?.reading ?? null);
  const failed = opening.isError ? opening : strip.isError ? strip : null;
  if (failed)
    return (
      <Refused
        error={failed.error}
        actions={<Button onClick={() => failed.refetch()}>{say('again')}</Button>}
      />
    );
  if (!opening.data || !strip.data) return <Loading label={say('opening')} rows={8} />;
  return children({ reading: opening.data.reading, strip: strip.data });
}
