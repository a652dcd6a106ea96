import { type EventKind, eventKinds } from '#shared/contracts/event-kinds.ts';
import type { TimelineGroup } from '#shared/contracts/review-timeline.ts';

const byBeginning: readonly (readonly [RegExp, Exclude<TimelineGroup, 'denials'>])[] = [
  [/\.exported$/, 'exports'],
  [/^(board\.opened|room\.|record\.consulted|access\.|operation\.purpose-stated|session\.)/, 'access'],
  [/^board\./, 'boards'],
  [/^message\./, 'chat'],
  [/^indicators?\./, 'indicators'],
  [/^member\./, 'people'],
  [/^finding\./, 'findings'],
];

/** The strand of the timeline an entry belongs to. */
export function groupOf(kind: string, outcome: 'ok' | 'refused'): TimelineGroup {
  return outcome === 'refused' ? 'denials' : strandOf(kind);
}

/** The kinds of a strand; of `denials` all, because any act can be refused. */
export function kindsOf(group: TimelineGroup): readonly EventKind[] {
  const kinds = Object.keys(eventKinds) as EventKind[];
  return group === 'denials' ? kinds : kinds.filter((kind) => strandOf(kind) === group);
}

function strandOf(kind: string): Exclude<TimelineGroup, 'denials'> {
  return byBeginning.find(([beginning]) => beginning.test(kind))?.[1] ?? 'operation';
}
