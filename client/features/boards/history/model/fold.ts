import { type Change, fieldsOf, sayChange } from '#shared/board/change.ts';
import type { BoardAct } from '#shared/contracts/boards.ts';
import { canonicalJson } from '#shared/kernel/canonical-json.ts';

/** What happened to one thing within a line, from before the first act to after the last. */
export type ToldChange = Change & { readonly sentence: string };

/** Acts of one line that say the same, as the steps of a drag do. */
export type Step = { readonly newest: BoardAct; readonly count: number };

/** What one officer did within one minute. */
export type HistoryLine = {
  readonly newest: BoardAct;
  readonly oldest: BoardAct;
  /** Its entries of the record; others' may lie between them. */
  readonly entries: ReadonlySet<number>;
  readonly changes: readonly ToldChange[];
  /** Newest first. */
  readonly steps: readonly Step[];
};

/**
 * `acts` and the lines: newest first. Two officers at work in one minute have a line each. Of a card's acts only what
 * concerns it and links is told: one entry may hold more. [CB-23]
 */
export function foldActs(
  acts: readonly BoardAct[],
  titleOf: (id: string) => string,
  about: string | null,
): readonly HistoryLine[] {
  const groups = new Map<string, BoardAct[]>();
  for (const each of acts) {
    const act = about === null ? each : only(each, about);
    const key = `${act.at.slice(0, 16)} ${act.by?.officer ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(act);
    else groups.set(key, [act]);
  }
  return [...groups.values()].flatMap((group) => {
    const [newest] = group;
    const oldest = group.at(-1);
    if (!newest || !oldest) return [];
    const changes = tellChanges(group.toReversed(), titleOf);
    const entries = new Set(group.map(({ seq }) => seq));
    return [{ newest, oldest, entries, changes, steps: stepsOf(group) }];
  });
}

function only(act: BoardAct, about: string): BoardAct {
  const concerns = act.changes.map(({ id, record }) => id === about || record === 'link');
  return {
    ...act,
    changes: act.changes.filter((_, at) => concerns[at]),
    sentences: act.sentences.filter((_, at) => concerns[at]),
  };
}

type Kept = { change: Change; sentence: string | null };

/** `acts`: oldest first. What was changed and changed back is not told. */
function tellChanges(acts: readonly BoardAct[], titleOf: (id: string) => string): ToldChange[] {
  const kept = new Map<string, Kept>();
  /** How often a thing came and went: what happened to it before is not joined with what happened after. */
  const lives = new Map<string, number>();
  for (const act of acts) {
    for (const [at, change] of act.changes.entries()) {
      const thing = `${change.record} ${change.id}`;
      const comesOrGoes = change.what === 'added' || change.what === 'deleted';
      if (comesOrGoes) lives.set(thing, (lives.get(thing) ?? 0) + 1);
      const life = `${thing} ${lives.get(thing) ?? 0}`;
      const born = `${life} added`;
      const key = comesOrGoes ? `${life} ${change.what}` : `${life} ${change.what} ${change.field}`;
      const birth = comesOrGoes ? undefined : kept.get(born);
      const before = kept.get(key);
      // Taken out and put in again: the newest stands last.
      if (birth) move(kept, born, { change: grown(birth.change, change), sentence: null });
      else if (before)
        move(kept, key, { change: { ...change, before: before.change.before }, sentence: null });
      else kept.set(key, { change, sentence: act.sentences[at] ?? null });
    }
  }
  return [...kept.values()]
    .filter(({ change }) => canonicalJson(change.before) !== canonicalJson(change.after))
    .map(({ change, sentence }) => ({ ...change, sentence: sentence ?? sayChange(change, titleOf) }));
}

function move(kept: Map<string, Kept>, key: string, entry: Kept): void {
  kept.delete(key);
  kept.set(key, entry);
}

/** What was added, as it was at the end of the minute. */
function grown(added: Change, change: Change): Change {
  const fields = fieldsOf(added.after) ?? {};
  if (change.field === null) {
    const place = change.what === 'moved' ? fieldsOf(change.after) : null;
    return { ...added, name: change.name, after: place ? { ...fields, ...place } : change.after };
  }
  return { ...added, name: change.name, after: { ...fields, [change.field]: change.after } };
}

function stepsOf(group: readonly BoardAct[]): Step[] {
  const steps: { newest: BoardAct; count: number }[] = [];
  for (const act of group) {
    const last = steps.at(-1);
    if (last && sameWords(last.newest, act)) last.count += 1;
    else steps.push({ newest: act, count: 1 });
  }
  return steps;
}

function sameWords(a: BoardAct, b: BoardAct): boolean {
  return (
    a.sentences.length === b.sentences.length && a.sentences.every((each, at) => each === b.sentences[at])
  );
}
