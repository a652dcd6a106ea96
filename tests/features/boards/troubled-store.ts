import { CommitUncertain, type Store } from '#server/platform/storage/store.ts';

/** What happens to the next commit of board changes; every other transaction passes. */
export type Trouble =
  | 'refuse'
  /** COMMIT is done, its answer is lost. */
  | 'stands, unknown'
  /** COMMIT never happened, and nobody knows. */
  | 'lost, unknown'
  /** Everything is written, and COMMIT waits for `release`. */
  | 'hold';

class Undone extends Error {}

/** A store whose next board commits go wrong as told, in order. */
export class TroubledStore {
  readonly store: Store;
  readonly troubles: Trouble[] = [];
  /** Commits held at this moment. */
  held = 0;
  met = 0;
  #release: () => void = () => undefined;

  constructor(real: Store) {
    this.store = { ...real, write: (work) => this.#write(real, work) };
  }

  release(): void {
    this.#release();
  }

  async #write<T>(
    real: Store,
    work: Parameters<Store['write']>[0] & ((tx: never) => Promise<T>),
  ): Promise<T> {
    let trouble: Trouble | undefined;
    const written = await real
      .write(async (tx) => {
        const result = await (work as (tx: unknown) => Promise<T>)(tx);
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
