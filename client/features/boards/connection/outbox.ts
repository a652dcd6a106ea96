import type { Clock } from '#shared/kernel/clock.ts';

import type { Line } from './line.ts';
import type { UnsavedEdits } from './unsaved-edits.ts';
import { sendState, sendUpdate } from './wire.ts';

const TYPING = 300;
/** A Yjs update without structs or deletions. */
const nothing = new Uint8Array([0, 0]);

/** When unsaved edits go out: at once, what is typed after a moment, and again after every interruption. [CB-9] */
export class Outbox {
  readonly #clock: Clock;
  readonly #edits: UnsavedEdits;
  readonly #line: () => Line;
  /** Calls off the sending of what is being typed. */
  #typing: (() => void) | null = null;

  constructor(clock: Clock, edits: UnsavedEdits, line: () => Line) {
    this.#clock = clock;
    this.#edits = edits;
    this.#line = line;
  }

  /**
   * The hub asks what it lacks. Asked again, it has met a gap and passed over what was sent since: all that is not
   * acknowledged goes again, and the answer is owed even when it is empty.
   */
  answer(line: Line & { state: 'up' }): void {
    const again = line.asked;
    line.asked = true;
    this.#edits.sendAgain();
    const update = this.#edits.takeUnsent();
    if (update) line.socket.send(sendState(update));
    else if (again) {
      this.#edits.countMessage();
      line.socket.send(sendState(nothing));
    }
    this.flush();
  }

  /** One message, and one entry of the record, for what is typed in a moment. */
  flushSoon(): void {
    this.#typing ??= this.#clock.after(TYPING, () => this.flush());
  }

  flush(): void {
    this.#typing?.();
    this.#typing = null;
    const line = this.#line();
    if (line.state !== 'up' || !line.asked || !line.socket.open) return;
    for (;;) {
      const update = this.#edits.takeUnsent();
      if (!update) return;
      line.socket.send(sendUpdate(update));
    }
  }
}
