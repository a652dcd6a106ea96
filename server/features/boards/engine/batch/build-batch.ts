import type { Millis } from '#shared/kernel/clock.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';
import { isAtWork } from '#shared/policy/lifecycle.ts';

import type { ScannedUpdate } from '../../wire/scan-update.ts';
import { admitUpdate } from '../../wire/validate.ts';
import { type LiveDocument, Poisoned } from '../live-document.ts';
import type { BoardSocket } from '../sockets/board-socket.ts';
import type { Row } from './commit-rows.ts';

/** A change as it lies in the inbox: read, but not yet held against the document. */
export type Edit = {
  readonly socket: BoardSocket;
  readonly update: Uint8Array;
  readonly scan: ScannedUpdate;
  readonly answer: boolean;
  /** Which message of its socket it is. */
  readonly number: number;
  /** When it arrived. */
  readonly at: Millis;
};

export type Admission = {
  readonly owners: ReadonlyMap<number, OfficerId>;
  /** Whose client id it is by presence, while nothing has been committed under it. */
  readonly officerHere: (client: number) => OfficerId | null;
};

export type Built = {
  readonly rows: Row[];
  /** Told to go, with the code. What they sent before the wrong message still counts. */
  readonly refused: Map<BoardSocket, RefusalCode>;
  /** To be asked again what they have. */
  readonly gaps: Set<BoardSocket>;
  /** The document is unusable because of this socket; nothing may be committed from it. */
  readonly poisonedBy: BoardSocket | null;
};

/** Holds each edit against the document and applies it: one row for each socket, in order of first arrival. [BD-2] */
export function buildBatch(document: LiveDocument, edits: readonly Edit[], admission: Admission): Built {
  const bySocket = new Map<BoardSocket, Edit[]>();
  for (const edit of edits) {
    const own = bySocket.get(edit.socket);
    if (own === undefined) bySocket.set(edit.socket, [edit]);
    else own.push(edit);
  }
  const built = {
    rows: [] as Row[],
    refused: new Map<BoardSocket, RefusalCode>(),
    gaps: new Set<BoardSocket>(),
  };
  const taken = new Map<number, OfficerId>();
  for (const [socket, own] of bySocket) {
    try {
      const row = applyOne(document, own, { socket, built, admission, taken });
      if (row !== null) built.rows.push(row);
    } catch (error) {
      if (!(error instanceof Poisoned)) throw error;
      return { ...built, poisonedBy: socket };
    }
  }
  return { ...built, poisonedBy: null };
}

type About = {
  readonly socket: BoardSocket;
  readonly built: Pick<Built, 'refused' | 'gaps'>;
  readonly admission: Admission;
  /** Client ids first used in this batch. */
  readonly taken: Map<number, OfficerId>;
};

function applyOne(document: LiveDocument, edits: readonly Edit[], about: About): Row | null {
  const { socket, admission, taken } = about;
  const { officer } = socket.pass.session;
  const claims = new Set<number>();
  const clients = new Set<number>();
  const mine = (client: number) => {
    const owner = admission.owners.get(client) ?? taken.get(client) ?? admission.officerHere(client);
    return owner === undefined || owner === null || owner === officer;
  };
  const update = document.change((apply) => {
    for (const edit of edits) {
      const verdict = judge(document, edit, { ...about, mine });
      if (verdict === 'stop') return;
      if (verdict === null) continue;
      for (const client of verdict.claims) {
        clients.add(client);
        if (admission.owners.get(client) === undefined) claims.add(client);
        taken.set(client, officer);
      }
      apply(edit.update);
    }
  });
  if (update === null) return null;
  return { socket, update, claims: [...claims], clients: [...clients] };
}

/** `null`: nothing to apply. `stop`: nothing more of this socket counts. */
function judge(
  document: LiveDocument,
  edit: Edit,
  { socket, built, mine }: About & { mine: (client: number) => boolean },
): { claims: readonly number[] } | null | 'stop' {
  const skipped = (socket.awaitsAnswer || built.gaps.has(socket)) && !edit.answer;
  if (skipped) return null;
  const verdict = admitUpdate(edit.scan, document, mine);
  if (verdict.ok) {
    if (edit.answer) {
      socket.awaitsAnswer = false;
      built.gaps.delete(socket);
    }
    if (!verdict.adds) return null;
    if (socket.mayEdit) return verdict;
    built.refused.set(socket, isAtWork(socket.pass.state) ? 'read.only' : 'operation.closed');
    return 'stop';
  }
  if (verdict.code === 'update.gap' && !edit.answer) {
    built.gaps.add(socket);
    return null;
  }
  built.refused.set(socket, verdict.code);
  return 'stop';
}
