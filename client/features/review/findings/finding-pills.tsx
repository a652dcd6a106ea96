import { IconHelpHexagon, IconPinned } from '@tabler/icons-react';
import { useText } from '#client/platform/text.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import type { Finding } from '#shared/contracts/review-findings.ts';
import type { FindingSort } from './findings.ts';
import { findingsText } from './text.ts';

const stateTones = { open: 'warn', answered: 'accent', concluded: 'good' } as const;
const conclusionTones = {
  confirmed: 'good',
  'not-confirmed': 'plain',
  'lesson-identified': 'accent',
  'action-needed': 'bad',
  'no-further-action': 'plain',
} as const;

/** Where it stands: its state, or what it came to. */
export function FindingPill({ finding }: { readonly finding: Pick<Finding, 'state' | 'conclusion'> }) {
  const say = useText('findings', findingsText);
  const { state, conclusion } = finding;
  if (conclusion === null) return <Pill tone={stateTones[state]}>{say(`state.${state}`)}</Pill>;
  return <Pill tone={conclusionTones[conclusion.kind]}>{say(`conclusion.${conclusion.kind}`)}</Pill>;
}

export function SortIcon({ sort, size = 15 }: { readonly sort: FindingSort; readonly size?: number }) {
  const Icon = sort === 'question' ? IconHelpHexagon : IconPinned;
  return <Icon size={size} stroke={1.7} aria-hidden="true" />;
}
