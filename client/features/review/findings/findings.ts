import type { Finding } from '#shared/contracts/review-findings.ts';

export type FindingState = Finding['state'];
export type FindingSort = Finding['sort'];

/** What was chosen to be listed; '' is everything. */
export type FindingFilter = { readonly state: FindingState | ''; readonly sort: FindingSort | '' };

export const everyFinding: FindingFilter = { state: '', sort: '' };

export function isListed(finding: Finding, { state, sort }: FindingFilter): boolean {
  return (state === '' || finding.state === state) && (sort === '' || finding.sort === sort);
}

/** The place of the newest act: another one means that something was added. */
export function lastSeq({ seq, answers, conclusion }: Finding): number {
  return conclusion?.seq ?? answers.at(-1)?.seq ?? seq;
}

export const noFindings: readonly Finding[] = [];

/** Findings by the entry they are pinned to; the lists stay the same objects. */
export type Pins = ReadonlyMap<number, readonly Finding[]>;

export function pinsOf(findings: readonly Finding[]): Pins {
  const pins = new Map<number, Finding[]>();
  for (const finding of findings) {
    const { seq } = finding.pinned;
    const here = pins.get(seq);
    if (here) here.push(finding);
    else pins.set(seq, [finding]);
  }
  return pins;
}

type Stretch = {
  readonly entry: { readonly seq: number; readonly kind: string; readonly object: { id: string } | null };
  readonly firstSeq: number;
  readonly count: number;
};

/** Those pinned to an entry of a line. A folded line is of one board; changes of others lie between its own. */
export function pinsOnLine(pins: Pins, { entry, firstSeq, count }: Stretch): readonly Finding[] {
  const exactly = pins.get(entry.seq) ?? noFindings;
  if (count === 1) return exactly;
  const earlier = [...pins].filter(([seq, [one]]) => {
    const { kind, object } = one?.pinned ?? { kind: '', object: null };
    const sameAct = kind === entry.kind && object?.id === entry.object?.id;
    return sameAct && seq >= firstSeq && seq < entry.seq;
  });
  return earlier.length === 0 ? exactly : [...earlier.flatMap(([, here]) => here), ...exactly];
}

/** Findings at one place of a scale. */
export type Mark = {
  /** Where it stands, from 0 to 1 along the lane. */
  readonly along: number;
  /** Row of the lane, from 0. */
  readonly row?: number;
  readonly findings: readonly Finding[];
};
