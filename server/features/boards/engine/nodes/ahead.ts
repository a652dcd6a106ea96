/** One commit of the board: `before` is its newest entry below, `last` its own newest. `updates`: not in the document yet. */
export type Commit = {
  readonly before: number;
  readonly last: number;
  readonly updates: readonly Uint8Array[] | null;
};

/**
 * Commits known ahead of the point up to which everything is in the document. Commits of one board follow each other
 * under the lock of the record, each naming the one below, so that they can be put in order whoever brings them when.
 */
export class Ahead {
  readonly #commits = new Map<number, Commit>();

  get size(): number {
    return this.#commits.size;
  }

  add(commit: Commit): void {
    this.#commits.set(commit.before, commit);
  }

  /** Those whose changes are in the document: the entries of the board above `before`, up to and with `last`. */
  get inDocument(): Commit[] {
    return [...this.#commits.values()].filter(({ updates }) => updates === null);
  }

  /** The commits that follow `newest` without a gap; they and everything older are taken out. */
  follow(newest: number): Commit[] {
    const chain: Commit[] = [];
    for (let at = newest; ; ) {
      const next = this.#commits.get(at);
      if (next === undefined) break;
      chain.push(next);
      at = next.last;
    }
    const end = chain.at(-1)?.last ?? newest;
    for (const [before, { last }] of this.#commits) if (last <= end) this.#commits.delete(before);
    return chain;
  }
}
