/** Work that nobody waits for, except whoever stops: the store must not close under it. */
export class Background {
  readonly #running = new Set<Promise<void>>();
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  run(work: Promise<unknown>): void {
    const settled = work.then(() => undefined, this.#failed).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
  }

  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
