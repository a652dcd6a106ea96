import type { EntryOnWire } from '#shared/contracts/rooms.ts';

import { type Contents, contentsOf, type Range, Ranges } from './ranges.ts';

/** One message of a board socket that could change the board, and whether the hub said it is on the record. */
export type SentUpdate = Contents & { readonly officer: string; acknowledgedBelow: number | null };

/** One edit as a person makes it. */
export type Edit = {
  readonly officer: string;
  /** A card that stays, one that is deleted later, its deletion, a word in the shared text, a move. */
  readonly what: 'card' | 'passing' | 'deletion' | 'word' | 'move';
  /** The card's id, or the word. */
  readonly token: string;
  /** What it is made of; a deletion brings nothing. */
  readonly structs: Range | null;
  readonly deletes: readonly Range[];
};

/** A message or an indicator: one command, repeated until there is an answer. */
export type Act = {
  readonly officer: string;
  readonly kind: 'message' | 'indicator';
  readonly commandId: string;
  readonly token: string;
  tries: number;
  reply: { readonly id: string; readonly seq: number; readonly leafHash: string } | null;
  /** Refused for good. */
  refused: string | null;
};

/** What one officer was told by one board: everything below is the hub's word, whatever happened to it later. */
export type Told = { readonly brings: Ranges; readonly deletes: Ranges };

/** What one officer was shown of the room, in order. */
export type Shown = { cursor: number; readonly entries: EntryOnWire[]; readonly faults: string[] };

export type Line = { readonly officer: string; readonly since: number };

/** Everything that the people of a run have done, and everything they were told. Judged against the record afterwards. */
export class Ledger {
  readonly sent: SentUpdate[] = [];
  readonly edits: Edit[] = [];
  readonly acts: Act[] = [];
  readonly told = new Map<string, Told>();
  readonly shown = new Map<string, Shown>();
  /** Board sockets that are open, with the time at which each was. */
  readonly lines = new Set<Line>();
  /** Who may write no more, with the head of the record when the reply to that came: nothing of theirs stands from there on. */
  readonly shutOut = new Map<string, number>();

  toldTo(officer: string): Told {
    const held = this.told.get(officer) ?? { brings: new Ranges(), deletes: new Ranges() };
    this.told.set(officer, held);
    return held;
  }

  shownTo(officer: string): Shown {
    const held = this.shown.get(officer) ?? { cursor: 0, entries: [], faults: [] };
    this.shown.set(officer, held);
    return held;
  }

  /** Sockets of `officer` that were open by then and still are. */
  linesOf(officer: string, by = Number.POSITIVE_INFINITY): number {
    return [...this.lines].filter((line) => line.officer === officer && line.since <= by).length;
  }

  sends(officer: string, update: Uint8Array): SentUpdate {
    const sent = { officer, ...contentsOf(update), acknowledgedBelow: null };
    this.sent.push(sent);
    return sent;
  }

  hears(officer: string, update: Uint8Array): void {
    const { brings, deletes } = contentsOf(update);
    const told = this.toldTo(officer);
    told.brings.add(brings);
    told.deletes.add(deletes);
  }

  get acknowledged(): SentUpdate[] {
    return this.sent.filter((one) => one.acknowledgedBelow !== null);
  }

  /** Everything the hub has said is on the record, as of now. */
  acknowledgedContents(): Told {
    const all = { brings: new Ranges(), deletes: new Ranges() };
    for (const { brings, deletes } of this.acknowledged) {
      all.brings.add(brings);
      all.deletes.add(deletes);
    }
    return all;
  }
}
