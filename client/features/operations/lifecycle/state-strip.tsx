import { IconArchive, IconCalendarTime, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { useText } from '#client/platform/text.ts';
import { Strip } from '#client/ui/states/states.tsx';
import type { OperationState } from '#shared/policy/lifecycle.ts';

import { lifecycleText } from './text.ts';

const icons = {
  planned: <IconCalendarTime size={15} />,
  closed: <IconLock size={15} />,
  review: <IconLock size={15} />,
  archived: <IconArchive size={15} />,
} as const satisfies Partial<Record<OperationState, ReactNode>>;

/** A line over the room whenever it is anything but live. Purged operations have no room. */
export function StateStrip({ state }: { readonly state: OperationState }) {
  const say = useText('lifecycle', lifecycleText);
  if (state === 'live' || state === 'purging' || state === 'purged') return null;
  return <Strip icon={icons[state]}>{say(`strip.${state}`)}</Strip>;
}
