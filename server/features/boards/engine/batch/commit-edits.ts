import type { Recorded } from '#server/platform/facts.ts';
import { refuse } from '#shared/kernel/failures.ts';

import { commitTries } from '../../limits.ts';
import type { BoardState } from '../board-state.ts';
import type { Gatekeeper } from '../gatekeeper.ts';
import type { BoardSocket } from '../sockets/board-socket.ts';
import type { Presence } from '../sockets/presence.ts';
import type { EngineDeps } from '../types.ts';
import { buildBatch, type Edit } from './build-batch.ts';
import { commitRows, type Outcome, type Row } from './commit-rows.ts';
import type { GroupCommit } from './group-commit.ts';

type Parts = {
  readonly deps: EngineDeps;
  readonly together: GroupCommit;
  readonly state: BoardState;
  readonly presence: Presence;
  readonly gate: Gatekeeper;
  /** The socket has to be asked again what it has. */
  readonly gap: (socket: BoardSocket) => void;
};

/** What of a batch has come to stand; `rows` is empty when nothing in it was new. */
export type Committed = {
  readonly rows: readonly Row[];
  readonly edits: readonly Edit[];
  /** Of each row, its entry. */
  readonly recorded: readonly Recorded[];
  readonly first: number;
  readonly last: number;
  /** Newest entry of the board below these. */
  readonly before: number;
};

/**
 * Applies and commits a batch. Whoever turns out to have lost the right, or to have broken the document, is sent
 * away; the document is read again without them and the others' changes are tried once more. Nobody can depend on
 * what is dropped, because it was never shown. Throws when the store fails. [BD-4]
 */
export async function commitEdits(parts: Parts, given: readonly Edit[]): Promise<Committed> {
  const { deps, together, state } = parts;
  let edits = given;
  let rows: readonly Row[] | null = null;
  for (let tries = 0; tries < commitTries; tries++) {
    rows ??= await apply(parts, edits);
    if (rows.length === 0) {
      const { newest } = state;
      return { rows, edits, recorded: [], first: newest, last: newest, before: newest };
    }
    const outcome = await commitRows(deps, together, { place: state.place, batch: rows, seen: state.seen });
    if (outcome.kind === 'committed') {
      const first = outcome.recorded[0]?.seq ?? state.newest;
      const last = outcome.recorded.at(-1)?.seq ?? state.newest;
      const { before } = outcome;
      state.committed(rows, { last, before });
      return { rows, edits, recorded: outcome.recorded, first, last, before };
    }
    if (!(await drop(parts, rows, outcome))) continue;
    edits = edits.filter(({ socket }) => !socket.isRefused);
    rows = null;
    await state.reload();
  }
  throw refuse('try.again');
}

/** Applies what may be applied; starts over without the socket whose change broke the document. [BD-10] */
async function apply({ state, presence, gate, gap }: Parts, given: readonly Edit[]): Promise<readonly Row[]> {
  let edits = given.filter(({ socket }) => !socket.isRefused);
  for (;;) {
    const built = buildBatch(state.document, edits, {
      owners: state.owners,
      officerHere: (client) => presence.officerOf(client),
    });
    for (const [socket, code] of built.refused) gate.sendAway(socket, code, state.place);
    for (const socket of built.gaps) gap(socket);
    const { poisonedBy } = built;
    if (poisonedBy === null) return built.rows;
    gate.sendAway(poisonedBy, 'update.invalid', state.place);
    edits = edits.filter(({ socket }) => socket !== poisonedBy);
    await state.reload();
  }
}

/** Whether the document has to be read again: it holds what will never be committed, or lacks what is. */
async function drop(
  { state, gate }: Parts,
  rows: readonly Row[],
  outcome: Exclude<Outcome, { kind: 'committed' }>,
): Promise<boolean> {
  if (outcome.kind === 'unseen') return true;
  if (outcome.kind === 'foreign') {
    for (const socket of outcome.sockets) gate.sendAway(socket, 'update.foreign', state.place);
    return true;
  }
  for (const { socket } of rows) {
    if (outcome.ended.has(socket.pass.session.id)) gate.sendAway(socket, 'session.ended', state.place);
    else await gate.readmit(socket, state.place);
  }
  return rows.some(({ socket }) => socket.isRefused);
}
