import { Worker } from 'node:worker_threads';

import type { Clock, Millis } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';

/** What stands in a thread's way of answering; what a job itself throws is told as it is. */
export class ThreadLost extends Error {
  readonly reason: 'late' | 'memory' | 'ended';
  constructor(reason: ThreadLost['reason'], what: string) {
    super(what);
    this.name = 'ThreadLost';
    this.reason = reason;
  }
}

/** Seconds: nobody gains by asking again at once. */
const COME_AGAIN = 30;

/** For `catch`: a thread that was lost is told to whoever waits as a refusal with its reason; other errors are left. */
export function threadBusy(error: unknown): never {
  if (!(error instanceof ThreadLost)) throw error;
  const refusal = refuse('try.again', { what: error.message, retryAfter: COME_AGAIN });
  throw Object.assign(refusal, { cause: error });
}

export type ThreadOptions = {
  /** The bundled file that answers each message with one message. */
  readonly file: string;
  readonly clock: Clock;
  /** How long one job may take, the start of the thread included. */
  readonly deadline: Millis;
  /** What it does, in words that people read: `the reading of a board`. */
  readonly name: string;
  /** 1024 unless said. */
  readonly heapMb?: number;
};

function start({ file, heapMb = 1024 }: ThreadOptions): Worker {
  return new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: heapMb } });
}

/** Puts one job to a thread. Rejects with `ThreadLost`, or with what the job threw; then the thread is of no use. */
function put<Result>(
  thread: Worker,
  { job, transfer = [] }: { job: unknown; transfer?: ArrayBuffer[] },
  { clock, deadline, name }: ThreadOptions,
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const done = (act: () => void) => {
      callOff();
      // These and no others: a Worker hears its own thread by listeners it has put on itself.
      thread.off('message', answered).off('error', failed).off('exit', ended);
      act();
    };
    const answered = (result: Result) => done(() => resolve(result));
    const failed = (error: Error) => done(() => reject(ofMachine(error) ?? error));
    const ended = () => done(() => reject(lost('ended')));
    const callOff = clock.after(deadline, () => done(() => reject(lost('late'))));
    thread.on('message', answered).on('error', failed).on('exit', ended);
    thread.postMessage(job, transfer);
  });

  function lost(reason: ThreadLost['reason']): ThreadLost {
    const how = { late: 'took too long', memory: 'needed too much memory', ended: 'broke off' };
    return new ThreadLost(reason, `${name} ${how[reason]}`);
  }

  /** What the machine did not give, as opposed to what the job threw. */
  function ofMachine(error: Error): ThreadLost | null {
    const code: unknown = Reflect.get(error, 'code');
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') return lost('memory');
    return code === 'ERR_WORKER_INIT_FAILED' ? lost('ended') : null;
  }
}

/** One job on a thread of its own, which ends with it: whatever the job does to heap and loop goes too. */
export async function runOnThread<Job, Result>(
  options: ThreadOptions,
  job: Job,
  transfer: ArrayBuffer[] = [],
): Promise<Result> {
  const thread = start(options);
  try {
    return await put<Result>(thread, { job, transfer }, options);
  } finally {
    void thread.terminate();
  }
}

/**
 * One thread for one job after another. It starts with the first, and ends when one failed or there has been none for a
 * while: the next job gets a new one, which has forgotten what the old one held.
 */
export type Thread = {
  ask<Job, Result>(job: Job): Promise<Result>;
  /** Goes up whenever a thread ends. */
  readonly generation: () => number;
  readonly stopped: () => boolean;
  /** Gives up the job under way, and refuses those behind it. */
  stop(): Promise<void>;
};

export function keepThread(options: ThreadOptions & { readonly idle: Millis }): Thread {
  let callOffEnd: () => void = () => undefined;
  let thread: Worker | null = null;
  let generation = 0;
  let stopped = false;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    generation: () => generation,
    stopped: () => stopped,
    ask<Job, Result>(job: Job) {
      const mine = turn.then(() => run<Result>(job));
      turn = mine.then(rest, rest);
      return mine;
    },
    async stop() {
      stopped = true;
      await end();
      await turn;
    },
  };

  async function run<Result>(job: unknown): Promise<Result> {
    if (stopped) throw refuse('hub.stopping');
    callOffEnd();
    thread ??= open();
    try {
      return await put<Result>(thread, { job }, options);
    } catch (error) {
      void end();
      throw error;
    }
  }

  function open(): Worker {
    const opened = start(options);
    opened.unref();
    // One that ends while nobody waits for it is no failure of anything: the next job does not find it.
    opened.on('error', () => undefined);
    opened.on('exit', () => {
      if (thread !== opened) return;
      thread = null;
      generation += 1;
    });
    return opened;
  }

  function rest(): void {
    callOffEnd();
    if (!stopped) callOffEnd = options.clock.after(options.idle, () => void end());
  }

  async function end(): Promise<void> {
    const ending = thread;
    thread = null;
    generation += 1;
    await ending?.terminate();
  }
}
