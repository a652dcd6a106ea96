import type { Denial, NoteDenial } from '#server/platform/access.ts';
import type { Announce, Append, Fact, LogId } from '#server/platform/facts.ts';
import { oneRow, type Store, sql } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { CompartmentId, OfficerId } from '#shared/kernel/ids.ts';

import { authorOf } from './author.ts';

type Deps = {
  readonly store: Store;
  readonly append: Append;
  readonly announce: Announce;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
};

const FOLD = 60_000;

export type Denials = {
  readonly note: NoteDenial;
  /** A sign-in aimed at this officer that failed. */
  noteSignIn(officer: OfficerId): void;
  /** Writes what is still folded: at the end, before the store closes. */
  settle(): Promise<void>;
};

type Folded = {
  readonly log: LogId;
  readonly fact: (times: number, since: number) => Omit<Fact, 'compartment'>;
  repeats: number;
  since: number;
};

/**
 * Denials become entries: the first of an actor and rule at once, its repeats within the minute as one more entry
 * that counts them, so that nobody can fill the record by knocking. [RC-31]
 */
export function keepDenials(deps: Deps): Denials {
  const folds = new Map<string, Folded>();
  const pending = new Set<Promise<void>>();

  return {
    note(denial) {
      const key = [denial.log, denial.session?.officer ?? 'anonymous', denial.rule, denial.code].join(' ');
      fold(key, denial.log, (times, since) => factOf(denial, times, since));
    },
    noteSignIn(officer) {
      fold(`sign-in ${officer}`, 'hub', (times, since) => signInFact(officer, times, since));
    },
    async settle() {
      for (const key of [...folds.keys()]) unfold(key);
      await Promise.all(pending);
    },
  };

  function fold(key: string, log: LogId, fact: Folded['fact']): void {
    const held = folds.get(key);
    if (held !== undefined) {
      held.repeats += 1;
      return;
    }
    const since = deps.clock.now();
    folds.set(key, { log, fact, repeats: 0, since });
    deps.clock.after(FOLD, () => unfold(key));
    track(write(log, fact(1, since)));
  }

  function unfold(key: string): void {
    const held = folds.get(key);
    folds.delete(key);
    if (held !== undefined && held.repeats > 0) track(write(held.log, held.fact(held.repeats, held.since)));
  }

  function track(work: Promise<void>): void {
    const settled = work.catch(deps.onError).finally(() => pending.delete(settled));
    pending.add(settled);
  }

  async function write(log: LogId, fact: Omit<Fact, 'compartment'>): Promise<void> {
    const recorded = await deps.store.write(async (tx) => {
      const main = await oneRow<{ id: CompartmentId }>(
        tx,
        sql`select id from compartments where operation_id = ${log} and name = 'main'`,
      );
      return deps.append(tx, { log, epoch: null, facts: [{ ...fact, compartment: main?.id ?? null }] });
    });
    const [first] = recorded;
    if (first) deps.announce({ log, from: first.seq, to: first.seq + 1, epoch: null });
  }
}

function factOf(denial: Denial, times: number, since: number): Omit<Fact, 'compartment'> {
  return {
    kind: 'access.refused',
    by: authorOf(denial.session),
    object: denial.session === null ? null : { kind: 'officer', id: denial.session.officer },
    outcome: 'refused',
    command: null,
    body: { rule: denial.rule, code: denial.code, times, since: isoTime(since) },
  };
}

function signInFact(officer: OfficerId, times: number, since: number): Omit<Fact, 'compartment'> {
  return {
    kind: 'session.refused',
    by: { kind: 'anonymous' },
    object: { kind: 'officer', id: officer },
    outcome: 'refused',
    command: null,
    body: { times, since: isoTime(since) },
  };
}
