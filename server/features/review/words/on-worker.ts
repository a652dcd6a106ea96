import { keepThread, type Thread, threadBusy } from '#server/platform/threads.ts';
import type { Clock } from '#shared/kernel/clock.ts';

import type { CompareBoardRequest, CompareBoardResult } from '../replay/compare-board.ts';
import type { BoardTextsRequest, BoardTextsResult } from './board-texts.ts';

export type BoardJob =
  | { readonly does: 'tell'; readonly request: BoardTextsRequest }
  | { readonly does: 'spell'; readonly texts: readonly Labelled[] }
  | { readonly does: 'compare'; readonly request: CompareBoardRequest };

/** What was said, and under which labels it is to be found beside its words. */
export type Labelled = { readonly text: string; readonly labels: readonly string[] };

/**
 * Reads boards on a thread of its own, one job at a time. A failed job ends the thread; `generation` tells that it
 * forgot. `stop` gives up the job under way.
 */
export type BoardReader = Pick<Thread, 'generation' | 'stopped' | 'stop'> & {
  tell(request: BoardTextsRequest): Promise<BoardTextsResult>;
  /** What each text is searched by, in the same order: the form of `writeVector`. */
  spell(texts: readonly Labelled[]): Promise<readonly string[]>;
  /** For somebody who waits: a thread that cannot answer in time is a refusal. */
  compare(request: CompareBoardRequest): Promise<CompareBoardResult>;
};

const DEADLINE = 30_000;
const IDLE = 60_000;

export function readBoardsOnWorker(workerFile: string, clock: Clock, deadline = DEADLINE): BoardReader {
  const name = 'the reading of a board';
  const thread = keepThread({ file: workerFile, clock, deadline, idle: IDLE, name });
  const ask = <Result>(job: BoardJob) => thread.ask<BoardJob, Result>(job);
  return {
    generation: thread.generation,
    stopped: thread.stopped,
    stop: thread.stop,
    tell: (request) => ask({ does: 'tell', request }),
    spell: (texts) => ask({ does: 'spell', texts }),
    compare: (request) => ask<CompareBoardResult>({ does: 'compare', request }).catch(threadBusy),
  };
}
