import { BoardActor } from '#server/features/boards/engine/board-actor.ts';
import { LiveDocument } from '#server/features/boards/engine/live-document.ts';
import type { Clock } from '#shared/kernel/clock.ts';

/** What of a hub's boards is alive in this process, and whatever was alive that must never be. */
export type LoadWatch = {
  /** Two actors of one board at once, by board. */
  readonly forks: string[];
  readonly loads: number;
  /** Actors that have not ended, and documents that nobody destroyed. */
  left(): { actors: number; documents: number; sockets: number };
  end(): void;
};

/** Sees every actor and every document from its making to its end. */
export function watchLoads(): LoadWatch {
  const { load } = BoardActor;
  const { read } = LiveDocument;
  const { destroy } = LiveDocument.prototype;
  const actors = new Map<string, BoardActor>();
  const documents = new Set<LiveDocument>();
  const forks: string[] = [];
  let loads = 0;
  BoardActor.load = async (place, around) => {
    const actor = await load.call(BoardActor, place, around);
    loads += 1;
    if (actors.has(place.board)) forks.push(place.board);
    actors.set(place.board, actor);
    void actor.ended.then(() => {
      if (actors.get(place.board) === actor) actors.delete(place.board);
    });
    return actor;
  };
  LiveDocument.read = async (...given) => {
    const document = await read.apply(LiveDocument, given);
    documents.add(document);
    return document;
  };
  LiveDocument.prototype.destroy = function () {
    documents.delete(this);
    destroy.call(this);
  };
  return {
    forks,
    get loads() {
      return loads;
    },
    left: () => ({
      actors: actors.size,
      documents: documents.size,
      sockets: [...actors.values()].reduce((sum, { sockets }) => sum + sockets.size, 0),
    }),
    end() {
      BoardActor.load = load;
      LiveDocument.read = read;
      LiveDocument.prototype.destroy = destroy;
    },
  };
}

/** Counts the timers that wait; `idle` stands for the half minute after the last one left. */
export function countingClock(
  real: Clock,
  delayOf: (delay: number) => number,
): Clock & { waiting(): number } {
  const waiting = new Set<object>();
  return {
    now: () => real.now(),
    waiting: () => waiting.size,
    after(delay, act) {
      const one = {};
      waiting.add(one);
      const callOff = real.after(delayOf(delay), () => {
        waiting.delete(one);
        act();
      });
      return () => {
        waiting.delete(one);
        callOff();
      };
    },
  };
}
