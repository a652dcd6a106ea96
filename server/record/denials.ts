import type { Denial, NoteDenial, Session } from '#server/platform/access.ts';
import type { Announce, Append, Fact } from '#server/platform/facts.ts';
import { oneRow, type Store, sql } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { isoTime } from '#shared/kernel/clock.ts';

import { authorOf } from './author.ts';

type Deps = {
  readonly store: Store;
  readonly append: Append;
  readonly announce: Announce;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
};

const FOLD = 60_000;

/**
 * Denials become entries: the first of an actor and rule at once, its repeats within the minute as one more entry
 * that counts them, so that nobody can fill the record by knocking. [RC-31]
 */
export function keepDenials(deps: Deps): { note: NoteDenial; settle: () => Promise<void> } {
  const folds = new Map<string, { denial: Denial; repeats: number; since: number }>();
  const pending = new Set<Promise<void>>();

  return {
    note(denial) {
      const key = [denial.log, denial.session?.officer ?? 'anonymous', denial.rule, denial.code].join(' ');
      const fold = folds.get(key);
      if (fold !== undefined) {
        fold.repeats += 1;
        return;
      }
      folds.set(key, { denial, repeats: 0, since: deps.clock.now() });
      deps.clock.after(FOLD, () => unfold(key));
      track(write(denial, 1, deps.clock.now()));
    },
    async settle() {
      for (const key of [...folds.keys()]) unfold(key);
      await Promise.all(pending);
    },
  };

  function unfold(key: string): void {
    const fold = folds.get(key);
    folds.delete(key);
    if (fold !== undefined && fold.repeats > 0) track(write(fold.denial, fold.repeats, fold.since));
  }

  function track(work: Promise<void>): void {
    const settled = work.catch(deps.onError).finally(() => pending.delete(settled));
    pending.add(settled);
  }

  async function write(denial: Denial, times: number, since: number): Promise<void> {
    const recorded = await deps.store.write(async (tx) => {
      const compartment = await oneRow<{ id: string }>(
        tx,
        sql`select id from compartments where operation_id = ${denial.log} and name = 'main'`,
      );
      return deps.append(tx, {
        log: denial.log,
        epoch: null,
        facts: [factOf(denial, { times, since, compartment: compartment?.id ?? null })],
      });
    });
    const [first] = recorded;
    if (first) deps.announce({ log: denial.log, from: first.seq, to: first.seq + 1, epoch: null });
  }
}

function factOf(denial: Denial, more: { times: number; since: number; compartment: string | null }): Fact {
  return {
    kind: 'access.refused',
    by: authorOf(denial.session),
    object:
      denial.session === null
        ? null
        : { kind: 'officer', id: denial.session.officer satisfies Session['officer'] },
    compartment: more.compartment as Fact['compartment'],
    outcome: 'refused',
    command: null,
    body: { rule: denial.rule, code: denial.code, times: more.times, since: isoTime(more.since) },
  };
}
