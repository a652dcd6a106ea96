import { boardEngineLimits as limits } from '../../limits.ts';
import type { Edit } from './build-batch.ts';

/** Changes that wait for the commit in flight to end, in order of arrival. */
export class Inbox {
  #edits: Edit[] = [];

  get depth(): number {
    return this.#edits.length;
  }

  add(edit: Edit): void {
    this.#edits.push(edit);
  }

  /** As much as one transaction takes. */
  take(): Edit[] {
    let bytes = 0;
    let taken = 0;
    for (const { update } of this.#edits) {
      if (taken >= limits.batchMessages || bytes >= limits.batchBytes) break;
      bytes += update.length;
      taken += 1;
    }
    const edits = this.#edits;
    this.#edits = edits.slice(taken);
    return edits.slice(0, taken);
  }

  clear(): void {
    this.#edits = [];
  }
}
