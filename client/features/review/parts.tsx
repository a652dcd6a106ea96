import { type ComponentType, lazy } from 'react';
import type { TextKey } from '#client/platform/text.ts';
import type { ReviewProps } from './review-head.tsx';
import type { reviewText } from './text.ts';
import { Timeline } from './timeline.tsx';
import type { Trust } from './verify/trust.ts';

/** What each part of the review is given. */
export type PartProps = ReviewProps & { readonly purpose: string; readonly trust: Trust | undefined };

type Part = {
  /** As the address says it: `?view=replay`. */
  readonly id: string;
  readonly label: TextKey<typeof reviewText>;
  readonly Shows: ComponentType<PartProps>;
};

const first: Part = { id: 'timeline', label: 'view.timeline', Shows: Timeline };

/** The parts of the review in the order of their tabs, each fetched when it is first gone to. The first one needs no name in the address. */
export const parts: readonly Part[] = [
  first,
  {
    id: 'replay',
    label: 'view.replay',
    Shows: lazy(async () => ({ default: (await import('./replay/replay.tsx')).Replay })),
  },
  {
    id: 'compare',
    label: 'view.compare',
    Shows: lazy(async () => ({ default: (await import('./compare/compare.tsx')).Compare })),
  },
  {
    id: 'access',
    label: 'view.access',
    Shows: lazy(async () => ({ default: (await import('./access/access.tsx')).Access })),
  },
  {
    id: 'findings',
    label: 'view.findings',
    Shows: lazy(async () => ({ default: (await import('./findings/findings-screen.tsx')).FindingsScreen })),
  },
  {
    id: 'debrief',
    label: 'view.debrief',
    Shows: lazy(async () => ({ default: (await import('./debrief/debrief-screen.tsx')).DebriefScreen })),
  },
];

export function partNamed(id: string | null): Part {
  return parts.find((part) => part.id === id) ?? first;
}
