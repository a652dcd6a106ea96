import { readForCheckpoint, writeCheckpoint } from '../board-log.ts';
import type { BoardPlace, EngineDeps } from '../types.ts';
import { stateJob } from './build-state.ts';

/** Keeps the cached states of this node's boards. Nothing rests on them: a failure is only noted. [BD-23] */
export class Checkpointer {
  readonly #deps: EngineDeps;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  /** Made from what is on the record up to `seq`, off this thread, while others go on. */
  async keep(place: BoardPlace, seq: number): Promise<void> {
    const { store, clock, log, states, meters } = this.#deps;
    const started = clock.now();
    try {
      const { base, updates } = await readForCheckpoint(store, place, seq);
      if (updates.length === 0) return;
      const state = await states.build(stateJob(base, updates));
      await writeCheckpoint(store, place.board, { seq, state });
      meters.took('checkpoint', clock.now() - started);
    } catch (error) {
      log.warn({ err: error, board: place.board }, 'a board checkpoint failed');
    }
  }
}
