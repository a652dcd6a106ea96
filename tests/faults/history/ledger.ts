import type { EntryOnWire } from '#shared/contracts/rooms.ts';

import { type Contents, contentsOf, type Range, Ranges } from './ranges.ts';

/** One message of a board socket that could change the board, and whether the hub said it is on the record. */
export type SentUpdate = Contents & {
  readonly officer: string;
  acknowledgedBelow: number | null;
  /** It was on the record, and the database was put back to before. */
  lost: boolean;
};

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
  /** Told since the last restore that the record was restored, and how often. */
  readonly toldRestored = new Map<string, number>();
  /** How often the database was put back to an earlier state. */
  restorations = 0;
  #backup: { readonly head: number; readonly told: ReadonlyMap<string, Told> } | null = null;

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
    const sent = { officer, ...contentsOf(update), acknowledgedBelow: null, lost: false };
    this.sent.push(sent);
    return sent;
  }

  hears(officer: string, update: Uint8Array): void {
    const { brings, deletes } = contentsOf(update);
    const told = this.toldTo(officer);
    told.brings.add(brings);
    told.deletes.add(deletes);
  }

  /** A copy of the database was made of what was told until now: of a record with so many entries. */
  backedUp(head: number): void {
    const told = [...this.told].map(([officer, held]) => [officer, copyOf(held)] as const);
    this.#backup = { head, told: new Map(told) };
  }

  /** That copy was put back: no word about what came after it binds any more. */
  restored(): void {
    const { head, told } = this.#backup ?? { head: 0, told: new Map<string, Told>() };
    for (const sent of this.sent) {
      if ((sent.acknowledgedBelow ?? -1) < head) continue;
      sent.acknowledgedBelow = null;
      sent.lost = true;
    }
    for (const act of this.acts) if ((act.reply?.seq ?? -1) >= head) act.reply = null;
    this.told.clear();
    for (const [officer, held] of told) this.told.set(officer, copyOf(held));
    this.toldRestored.clear();
    this.restorations += 1;
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

function copyOf({ brings, deletes }: Told): Told {
  const copy = { brings: new Ranges(), deletes: new Ranges() };
  copy.brings.add(brings.all());
  copy.deletes.add(deletes.all());
  return copy;
}
