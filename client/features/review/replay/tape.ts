import type { Person } from '#shared/contracts/common.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { ReplayStep, readSteps } from '#shared/contracts/review-replay.ts';
import { RoomReplay } from '#shared/review/room.ts';

export type Step = Omit<ReplayStep, 'bytes'>;
type Page = ReplyOf<typeof readSteps>;
/** Reads what stands in from ≤ seq < to, or the first part of it. */
export type ReadSteps = (from: number, to: number) => Promise<Page>;

/** Entries fetched at a time, and how far rooms are kept apart. */
export const BLOCK = 500;
/** A longer record is not replayed here: the hub is asked for each moment. */
export const WHOLE = 20_000;

/**
 * A record as far as it was fetched, in blocks, and the room at any entry of it once everything before is here.
 * Positions are places of the record; -1 is before the first. Content of boards is not kept.
 */
export class Tape {
  readonly size: number;
  readonly #read: ReadSteps;
  readonly #blocks = new Map<number, readonly Step[]>();
  readonly #asked = new Set<number>();
  readonly #people = new Map<string, Person>();
  readonly #listeners = new Set<() => void>();
  /** The room before each block, as far as all blocks before are here. */
  readonly #rooms: RoomReplay[] = [new RoomReplay()];
  #last: { readonly seq: number; readonly room: RoomReplay } | null = null;
  #version = 0;
  #error: unknown = null;
  #closed = false;

  constructor(size: number, read: ReadSteps) {
    this.size = size;
    this.#read = read;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another number for another content. */
  readonly version = (): number => this.#version;

  get error(): unknown {
    return this.#error;
  }

  get people(): ReadonlyMap<string, Person> {
    return this.#people;
  }

  /** Everything before this place is here. */
  get loadedTo(): number {
    return Math.min(this.size, (this.#rooms.length - 1) * BLOCK);
  }

  close(): void {
    this.#closed = true;
    this.#listeners.clear();
  }

  /** Fetches all of a record that is short enough, in order; of a longer one nothing until it is asked for. */
  async loadAll(): Promise<void> {
    if (this.size > WHOLE) return;
    for (let block = 0; block * BLOCK < this.size && this.#error === null && !this.#closed; block++)
      await this.#load(block);
  }

  /** Fetches what lies around a position, if it is not here yet. */
  want(position: number): void {
    for (const block of [blockOf(position), blockOf(position + BLOCK / 2)])
      if (block * BLOCK < this.size) void this.#load(block);
  }

  again(): void {
    this.#error = null;
    this.#changed();
    void this.loadAll();
  }

  /** The newest entry up to a position that the reader may see: what had just happened. */
  stepAt(position: number): Step | null {
    for (let block = blockOf(position); block >= 0; block--) {
      const steps = this.#blocks.get(block);
      if (steps === undefined) return null;
      const step = steps.findLast(({ seq }) => seq <= position);
      if (step !== undefined) return step;
    }
    return null;
  }

  /** The next entry that the reader may see; `null` at the end, `undefined` when it is not known yet. */
  after(position: number): Step | null | undefined {
    for (let block = blockOf(position + 1); block * BLOCK < this.size; block++) {
      const steps = this.#blocks.get(block);
      if (steps === undefined) return undefined;
      const step = steps.find(({ seq }) => seq > position);
      if (step !== undefined) return step;
    }
    return null;
  }

  /** Whom the room shows at a position; `null` while something before it is missing. */
  roomAt(position: number): RoomReplay | null {
    if (position >= this.loadedTo) return null;
    const block = blockOf(position);
    const begin = this.#rooms[block];
    if (begin === undefined) return null;
    const from = this.#last;
    const near = from !== null && from.seq <= position && from.seq >= block * BLOCK - 1;
    const room = near ? from.room : begin.copy();
    const seen = near ? from.seq : block * BLOCK - 1;
    for (const step of this.#blocks.get(block) ?? [])
      if (step.seq > seen && step.seq <= position) room.apply(step);
    this.#last = { seq: position, room };
    return room;
  }

  async #load(block: number): Promise<void> {
    if (this.#blocks.has(block) || this.#asked.has(block) || this.#error !== null) return;
    this.#asked.add(block);
    const end = Math.min(this.size, (block + 1) * BLOCK);
    const steps: Step[] = [];
    try {
      for (let from = block * BLOCK; from < end; ) {
        const page = await this.#read(from, end);
        for (const { bytes: _, ...step } of page.steps) steps.push(step);
        for (const person of page.people) this.#people.set(person.officer, person);
        from = page.to;
      }
      this.#blocks.set(block, steps);
      this.#growRooms();
    } catch (error) {
      this.#error = error;
    }
    this.#asked.delete(block);
    this.#changed();
  }

  #growRooms(): void {
    if (this.size > WHOLE) return;
    for (let block = this.#rooms.length - 1; ; block++) {
      const steps = this.#blocks.get(block);
      const before = this.#rooms[block];
      if (steps === undefined || before === undefined) return;
      const room = before.copy();
      for (const step of steps) room.apply(step);
      this.#rooms.push(room);
    }
  }

  #changed(): void {
    if (this.#closed) return;
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}

function blockOf(position: number): number {
  return Math.max(0, Math.floor(position / BLOCK));
}
