import { Refusal, refuse } from '#shared/kernel/failures.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';
import { endsReading, isAtWork } from '#shared/policy/lifecycle.ts';

import type { Background } from './background.ts';
import { findBoard } from './board-log.ts';
import { appendAbout } from './entries.ts';
import type { BoardSocket } from './sockets/board-socket.ts';
import type { BoardCounters, BoardPlace, EngineDeps } from './types.ts';

/** Who may stay. Sends sockets away, and sees to it that the record says why. */
export class Gatekeeper {
  readonly #deps: EngineDeps;
  readonly #counters: BoardCounters;
  readonly #background: Background;

  readonly #asked = new WeakMap<BoardSocket, number>();

  constructor(deps: EngineDeps, counters: BoardCounters, background: Background) {
    this.#deps = deps;
    this.#counters = counters;
    this.#background = background;
  }

  /** The record says that rights have moved: everybody admitted under an older epoch is asked about, once. */
  epochIs(epoch: number, sockets: Iterable<BoardSocket>, place: BoardPlace): void {
    for (const socket of sockets) {
      if (epoch <= socket.pass.aclEpoch || epoch <= (this.#asked.get(socket) ?? -1)) continue;
      this.#asked.set(socket, epoch);
      this.#background.run(this.readmit(socket, place));
    }
  }

  /** Asks the gate again. A socket that lost the board goes, and so does one that may only look from now on. [BD-14] */
  async readmit(socket: BoardSocket, place: BoardPlace): Promise<void> {
    const could = socket.mayEdit;
    const { clock, meters } = this.#deps;
    const started = clock.now();
    try {
      const pass = await this.#deps.admit(socket.pass.session, place.operation, 'board.open');
      if (!pass.compartments.has(place.compartment)) throw refuse('membership.ended');
      const found = await findBoard(this.#deps.store, place.operation, place.board);
      if (found?.life.docEpoch !== socket.docEpoch) throw refuse('record.restored');
      socket.pass = pass;
      if (could && !socket.mayEdit) socket.refuse(isAtWork(pass.state) ? 'read.only' : 'operation.closed');
    } catch (error) {
      if (!(error instanceof Refusal)) this.#deps.log.error({ err: error }, 'rights could not be read');
      socket.refuse(codeAfter(error));
    }
    if (!socket.isOpen) meters.took('revocation', clock.now() - started);
  }

  /** Once for each socket: a denial for lack of rights, otherwise an entry that its change was refused. [BD-16] */
  sendAway(socket: BoardSocket, code: RefusalCode, place: BoardPlace): void {
    if (socket.isRefused) return;
    socket.refuse(code);
    this.#counters.refusals += 1;
    this.#deps.meters.refused(code);
    const { pass } = socket;
    if (code === 'read.only' || code === 'operation.closed') {
      this.#deps.noteDenial({ log: place.operation, session: pass.session, rule: 'board.edit', code });
    } else if (code !== 'session.ended') {
      this.#deps.penalise(pass.session.officer);
      this.#background.run(appendAbout(this.#deps, { pass, place }, { kind: 'board.refused', code }));
    }
  }
}

/** Of a socket that may not stay: a store that fails says nothing about rights, and a restored record takes none. [BD-32] */
function codeAfter(error: unknown): RefusalCode {
  if (!(error instanceof Refusal) || error.code === 'store.unavailable') return 'try.again';
  const asItIs = error.code === 'record.restored' || endsReading(error.code);
  return asItIs ? error.code : 'membership.ended';
}
