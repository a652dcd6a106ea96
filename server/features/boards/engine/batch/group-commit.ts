import { CommitUncertain } from '#server/platform/storage/store.ts';
import { Refusal } from '#shared/kernel/failures.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

import { boardEngineLimits as limits, boardEngineTimes as times } from '../../limits.ts';
import type { BoardCounters, EngineDeps } from '../types.ts';
import type { Written } from './commit-rows.ts';
import { writeInSteps } from './write-in-steps.ts';
import { type Sent, writeTogether } from './write-together.ts';

type Waiting = Sent & {
  /** It has to find out by itself what stands in its way. */
  alone: boolean;
  readonly settle: (written: Written) => void;
  readonly fail: (error: unknown) => void;
};

/**
 * Commits the batches of all boards of this node: what arrives while a statement is under way goes together in the
 * next, whichever boards and operations it is of. Of an operation all stands or nothing. A batch that is not likely to go well,
 * or did not, has a transaction of its own, and its operation waits for that; no other does. What takes long is not
 * waited for: a line to the store that hangs holds up nobody else. docs/decisions/0014
 */
export class GroupCommit {
  readonly #deps: EngineDeps;
  readonly #counters: BoardCounters;
  #waiting: Waiting[] = [];
  #statements = 0;
  /** The statement during which the next gathers. */
  #awaited: object | null = null;
  /** Operations of which something is under way, and what. */
  readonly #busy = new Map<OperationId, object>();

  constructor(deps: EngineDeps, counters: BoardCounters) {
    this.#deps = deps;
    this.#counters = counters;
  }

  /** Batches that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Throws what `writeInSteps` throws, and `CommitUncertain` after `about` was told where the batch would stand. */
  commit({ work, about }: Sent): Promise<Written> {
    return new Promise((settle, fail) => {
      const alone = work.batch.some(({ claims }) => claims.length > 0);
      this.#waiting.push({ work, about, alone, settle, fail });
      this.#go();
    });
  }

  /** In order of arrival: what has to go alone and what goes together. The rest waits. */
  #go(): void {
    const together: Waiting[] = [];
    const rest: Waiting[] = [];
    const mayGather = this.#awaited === null && this.#statements < limits.statements;
    let rows = 0;
    let bytes = 0;
    const gathered = new Set<OperationId>();
    for (const one of this.#waiting) {
      const { place, batch } = one.work;
      if (this.#busy.has(place.operation)) rest.push(one);
      else if (one.alone || !this.#isBelieved(one)) {
        if (gathered.has(place.operation)) rest.push(one);
        else this.#writeAlone(one);
      } else if (mayGather && rows < limits.batchMessages && bytes < limits.batchBytes) {
        together.push(one);
        gathered.add(place.operation);
        rows += batch.length;
        bytes = batch.reduce((sum, { update }) => sum + update.length, bytes);
      } else rest.push(one);
    }
    this.#waiting = rest;
    if (together.length > 0) this.#writeTogether(together);
  }

  #writeAlone(one: Waiting): void {
    const writing = writeInSteps(this.#deps, one).then(one.settle, one.fail);
    this.#occupy([one], writing);
  }

  #writeTogether(batches: readonly Waiting[]): void {
    const statement = {};
    const next = () => {
      if (this.#awaited === statement) this.#awaited = null;
    };
    this.#awaited = statement;
    this.#statements += 1;
    this.#counters.statements += 1;
    const writing = writeTogether(this.#deps, batches)
      .then(
        (written) => this.#settle(batches, written),
        (error: unknown) => this.#fail(batches, error),
      )
      .finally(() => {
        this.#statements -= 1;
      });
    this.#occupy(batches, writing, next);
  }

  /** The operations of these wait until it is done, or has taken too long. */
  #occupy(batches: readonly Waiting[], done: Promise<void>, next: () => void = () => undefined): void {
    const operations = new Set(batches.map(({ work }) => work.place.operation));
    for (const operation of operations) this.#busy.set(operation, done);
    const goOn = () => {
      for (const operation of operations)
        if (this.#busy.get(operation) === done) this.#busy.delete(operation);
      next();
      this.#go();
    };
    const stopWaiting = this.#deps.clock.after(times.statementPatience, goOn);
    void done.then(() => {
      stopWaiting();
      goOn();
    });
  }

  #settle(batches: readonly Waiting[], written: readonly (Written | null)[]): void {
    const missed = batches.filter((one, at) => {
      const stands = written[at] ?? null;
      if (stands !== null) one.settle(stands);
      return stands === null;
    });
    this.#again(missed);
  }

  /** One of them may be what the store refuses: each finds out alone. With an unknown outcome, or a store that is away, none does. */
  #fail(batches: readonly Waiting[], error: unknown): void {
    if (error instanceof CommitUncertain || error instanceof Refusal || batches.length === 1) {
      for (const { fail } of batches) fail(error);
      return;
    }
    for (const one of batches) one.alone = true;
    this.#waiting.unshift(...batches);
  }

  /** The first of each operation finds out what is so; the others may go together again after it. */
  #again(missed: readonly Waiting[]): void {
    const found = new Set<OperationId>();
    for (const one of missed) {
      if (!found.has(one.work.place.operation)) one.alone = true;
      found.add(one.work.place.operation);
    }
    this.#waiting.unshift(...missed);
  }

  #isBelieved({ work }: Sent): boolean {
    return this.#deps.appendTogether.believes({ log: work.place.operation, epoch: work.epoch });
  }
}
