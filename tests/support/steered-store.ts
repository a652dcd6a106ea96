import type { Store, Tx } from '#server/platform/storage/store.ts';

/** A store whose next write waits where it is told to, or fails after all of its work and before its commit. */
export class SteeredStore implements Store {
  readonly kind: Store['kind'];
  readonly #real: Store;
  #next: ((write: () => Promise<unknown>) => Promise<unknown>) | null = null;

  constructor(real: Store) {
    this.#real = real;
    this.kind = real.kind;
  }

  /** The next write has come here, and goes on when `release` is called. */
  holdNext(): { held: Promise<void>; release: () => void } {
    let come: () => void = () => undefined;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      come = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#next = async (write) => {
      come();
      await released;
      return write();
    };
    return { held, release };
  }

  failNextBeforeCommit = false;

  async write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const steer = this.#next;
    this.#next = null;
    const fails = this.failNextBeforeCommit;
    this.failNextBeforeCommit = false;
    let result: T | undefined;
    const write = () =>
      this.#real.write(async (tx) => {
        result = await work(tx);
        if (fails) throw new Error('the power went before the commit');
        return result;
      });
    if (steer === null) return write();
    await steer(write);
    return result as T;
  }
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#real.read(work);
  }
  close(): Promise<void> {
    return this.#real.close();
  }
}
