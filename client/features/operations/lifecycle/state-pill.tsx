import { IconGavel, IconHourglassLow } from '@tabler/icons-react';

import { useNow } from '#client/platform/clock.ts';
import { useText } from '#client/platform/text.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import type { OperationSummary } from '#shared/contracts/operations.ts';
import type { OperationState } from '#shared/policy/lifecycle.ts';

import { retentionAt } from './retention.ts';
import { lifecycleText } from './text.ts';

const tones: Record<OperationState, 'good' | 'warn' | 'bad' | 'plain' | 'accent'> = {
  planned: 'accent',
  live: 'good',
  closed: 'plain',
  review: 'warn',
  archived: 'plain',
  purging: 'bad',
  purged: 'bad',
};

/** Where an operation stands, and whether a legal hold is on it: wherever an operation is named. [LC-11] */
export function StatePill({ operation }: { readonly operation: OperationSummary }) {
  const say = useText('lifecycle', lifecycleText);
  return (
    <>
      <Pill tone={tones[operation.state]}>{say(`state.${operation.state}`)}</Pill>
      {operation.onHold && (
        <Pill tone="warn">
          <IconGavel size={12} aria-hidden="true" />
          {say('hold.pill')}
        </Pill>
      )}
    </>
  );
}

/** For its leads: that the retention date is near, or past. */
export function RetentionPill({ operation }: { readonly operation: OperationSummary }) {
  const say = useText('lifecycle', lifecycleText);
  const retention = retentionAt(operation.retainUntil, useNow(60_000));
  const over = operation.state === 'purging' || operation.state === 'purged';
  if (operation.role !== 'lead' || over || retention.state === 'none' || retention.state === 'far')
    return null;
  return (
    <Pill tone={retention.state === 'passed' ? 'bad' : 'warn'}>
      <IconHourglassLow size={12} aria-hidden="true" />
      {retention.state === 'passed'
        ? say('retention.pill-passed')
        : say('retention.pill-ahead', { count: retention.days })}
    </Pill>
  );
}
