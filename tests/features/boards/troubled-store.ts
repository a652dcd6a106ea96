import { CommitUncertain, type Store, type Tx } from '#server/platform/storage/store.ts';

/** What happens to the next commit of board changes, by COMMIT or as one statement; every other write passes. */
export type Trouble =
  | 'refuse'
  /** It is done, and the answer is lost. */
  | 'stands, unknown'
  /** It never happened, and nobody knows. */
  | 'lost, unknown'
  /** One statement is on its way still when nobody waits for it any more: it comes after the next write. */
  | 'late, unknown'
  /** The board is given up over one statement, which is on its way still: it comes when `arrive` says. */
  | 'late, given up'
  /** Everything is written, and COMMIT waits for `release`. */
  | 'hold';

type Work<T> = (tx: Tx) => Promise<T>;

class Undone extends Error {}

/** A store whose next board commits go wrong as told, in order. */
export class TroubledStore {
  readonly store: Store;
  readonly troubles: Trouble[] = [];
  /** Commits held at this moment. */
  held = 0;
  met = 0;
  /** How many came as one statement. */
  metAtOnce = 0;
  #release: () => void = () => undefined;
  /** What others do between a statement of which nobody knows and the look for it; once. */
  meanwhile: (() => Promise<void>) | null = null;
  #late: (() => Promise<unknown>) | null = null;
  #afterNextWrite = false;

  constructor(real: Store) {
    this.store = {
      ...real,
      write: async (work, how) => {
        const result = await (how === undefined ? this.#inSteps(real, work) : this.#atOnce(real, work));
        if (how === undefined && this.#afterNextWrite) await this.arrive();
        return result;
      },
    };
  }

  async arrive(): Promise<void> {
    const late = this.#late;
    this.#late = null;
    await late?.();
  }

  release(): void {
    this.#release();
  }

  /** Only changes of boards are committed as one statement. */
  async #atOnce<T>(real: Store, work: Work<T>): Promise<T> {
    const trouble = this.troubles.shift();
    const write = () => real.write(work, 'one statement');
    if (trouble === undefined) return write();
    this.met += 1;
    this.metAtOnce += 1;
    if (trouble === 'hold') await this.#hold();
    if (trouble === 'refuse') throw new Error('connection terminated unexpectedly');
    if (trouble === 'hold') return write();
    if (trouble === 'stands, unknown') await write();
    if (trouble === 'late, unknown' || trouble === 'late, given up') this.#late = write;
    this.#afterNextWrite = trouble === 'late, unknown';
    const { meanwhile } = this;
    this.meanwhile = null;
    await meanwhile?.();
    if (trouble === 'late, given up') throw new Error('connection terminated unexpectedly');
    throw new CommitUncertain(new Error('no answer'));
  }

  async #inSteps<T>(real: Store, work: Work<T>): Promise<T> {
    let trouble: Trouble | undefined;
    const written = await real
      .write(async (tx) => {
        const result = await work(tx);
        if (!isBoardCommit(result)) return result;
        trouble = this.troubles.shift();
        if (trouble !== undefined) this.met += 1;
        if (trouble === 'refuse') throw new Error('connection terminated unexpectedly');
        if (trouble === 'lost, unknown') throw new Undone();
        if (trouble === 'hold') await this.#hold();
        return result;
      })
      .catch((error: unknown) => {
        if (error instanceof Undone) throw new CommitUncertain(error);
        throw error;
      });
    if (trouble === 'stands, unknown') throw new CommitUncertain(new Error('no answer'));
    return written;
  }

  async #hold(): Promise<void> {
    this.held += 1;
    await new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.held -= 1;
  }
}

/** Only the transaction that writes board changes answers with where they came to stand. */
function isBoardCommit(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'before' in result && 'recorded' in result;
}
