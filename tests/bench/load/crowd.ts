import os from 'node:os';

import { systemRandom } from '#server/app/system.ts';

import { Connection } from './connection.ts';
import type { Job, Outcome } from './job.ts';
import { Latencies } from './latencies.ts';
import { pace, sleep, type Task, until } from './pace.ts';
import { since, usageOf, writtenTo } from './procs.ts';
import { layTables, type Table } from './seats.ts';
import { cardsPerWriter, Ledger, Reader, Tally } from './tracker.ts';
import { Writer } from './writer.ts';

export type Shape = {
  readonly boards: number;
  readonly boardsPerOperation: number;
  /** On each board. Writers read as well. */
  readonly writers: number;
  readonly readers: number;
  /** Changes a second of each writer. */
  readonly rate: number;
  readonly bulk?: number;
  /** Seats left free on each board, for what a workload adds. */
  readonly spare?: number;
  /** So many of the readers are counted apart: they do badly on purpose. */
  readonly apart?: number;
  /** Writers of the workload's own on each board, numbered after the others. */
  readonly guests?: number;
};

type Board = {
  readonly table: Table;
  readonly ledger: Ledger;
  readonly writers: Writer[];
  readonly connections: Connection[];
  readonly readers: Reader[];
};

const warmUp = 6_000;
const drain = 15_000;

/** Everybody on the boards of one measurement, and what was found. */
export class Crowd {
  readonly job: Job;
  readonly shape: Shape;
  readonly tally = new Tally();
  readonly #apart = new Tally();
  readonly acks = new Latencies();
  readonly lag = new Latencies();
  readonly boards: Board[] = [];

  private constructor(job: Job, shape: Shape) {
    this.job = job;
    this.shape = shape;
  }

  /** Signs in, opens every board and every connection. */
  static async gather(
    job: Job,
    shape: Shape,
    onPresence?: (payload: Buffer, now: number) => void,
  ): Promise<Crowd> {
    const crowd = new Crowd(job, shape);
    const seats = shape.writers + shape.readers + (shape.spare ?? 0);
    const tables = await layTables(crowd.base(0), job.dialect, { ...shape, seats });
    const perBoard = shape.writers + (shape.guests ?? 0);
    for (const [at, table] of tables.entries()) {
      const ledger = new Ledger(at * perBoard, perBoard);
      crowd.boards.push({ table, ledger, writers: [], connections: [], readers: [] });
    }
    for (let seat = 0; seat < shape.writers + shape.readers; seat++) {
      const opening = crowd.boards.map((board) => crowd.#seat(board, seat, onPresence));
      await Promise.all(opening);
    }
    const synced = await until(() => crowd.connections.every((one) => one.synced), 20_000);
    if (!synced) throw new Error('some connections were never told the state of their board');
    return crowd;
  }

  get connections(): Connection[] {
    return this.boards.flatMap(({ connections }) => connections);
  }

  /** The nodes in turn. */
  base(at: number): string {
    return this.job.bases[at % this.job.bases.length] ?? '';
  }

  /** Every writer lays down its cards, and everybody sees them. */
  async settle(): Promise<void> {
    const writers = this.boards.flatMap((board) => board.writers);
    for (let card = 0; card < cardsPerWriter; card++) {
      for (const [at, writer] of writers.entries()) {
        writer.act();
        if (at % 10 === 9) await sleep(10);
      }
      await until(() => this.missing() === 0, 10_000);
    }
    if (this.missing() > 0) throw new Error(`${this.missing()} of the first cards were not delivered`);
  }

  /** Six seconds to warm up, the same for every system, then the window, then time for everything to arrive. `besides` runs within the window. */
  async measure(more: readonly Task[] = [], besides?: () => Promise<void>): Promise<Outcome> {
    const { seconds, servers, helpers } = this.job;
    const start = performance.now() + 20;
    const from = start + warmUp;
    const to = from + seconds * 1000;
    Object.assign(this.tally, { from, to });
    const pacing = pace([...this.#tasks(start), ...more], to, this.lag);
    await sleep(from - performance.now());
    const before = {
      usage: usageOf(servers, helpers),
      written: writtenTo(os.tmpdir()),
      own: process.cpuUsage(),
      at: performance.now(),
      ...this.#wire(),
    };
    await Promise.all([pacing, besides?.()]);
    const own = process.cpuUsage(before.own);
    const windowSeconds = (performance.now() - before.at) / 1000;
    const worked = since(before.usage, usageOf(servers, helpers));
    await until(() => this.missing() === 0 && this.connections.every((one) => one.isAcknowledged), drain);
    const after = usageOf(servers, helpers);
    const wire = this.#wire();
    return {
      ...this.#found(),
      cpuSeconds: worked.cpuSeconds,
      writtenBytes: writtenTo(os.tmpdir()) - before.written,
      residentBytes: after.resident,
      bytesIn: wire.bytesIn - before.bytesIn,
      framesIn: wire.framesIn - before.framesIn,
      bytesOut: wire.bytesOut - before.bytesOut,
      windowSeconds,
      generatorLoad: (own.user + own.system) / 1e6 / windowSeconds,
      more: {},
    };
  }

  missing(): number {
    return this.boards.reduce(
      (total, board) => total + this.#counted(board).reduce((sum, reader) => sum + reader.missing(), 0),
      0,
    );
  }

  leave(): void {
    for (const { connections, writers } of this.boards) {
      for (const connection of connections) connection.destroy();
      for (const writer of writers) writer.destroy();
    }
  }

  async #seat(board: Board, at: number, onPresence?: (payload: Buffer, now: number) => void): Promise<void> {
    const { writers, bulk } = this.shape;
    const seat = board.table.seats[at];
    if (seat === undefined) throw new Error('a seat that is not there');
    const number = board.ledger.firstWriter + at;
    const writes = at < writers;
    const isApart = at >= writers + this.shape.readers - (this.shape.apart ?? 0);
    const reader = new Reader(board.ledger, isApart ? this.#apart : this.tally, writes ? number : -1);
    const acks = { latencies: this.acks, counts: (sent: number) => this.tally.counts(sent) };
    const connection = await Connection.open({
      base: this.base(at),
      dialect: this.job.dialect,
      seat,
      reader,
      ...(writes && { acks }),
      ...(onPresence && { onPresence }),
    });
    board.connections.push(connection);
    board.readers.push(reader);
    if (!writes) return;
    const place = { number, connection, ledger: board.ledger, random: systemRandom };
    board.writers.push(new Writer({ ...place, ...(bulk !== undefined && { bulk }) }));
  }

  /** Everybody at the same pace, spread evenly over it. */
  #tasks(start: number): Task[] {
    const writers = this.boards.flatMap((board) => board.writers);
    const everyMs = 1000 / this.shape.rate;
    return writers.map((writer, at) => ({
      everyMs,
      firstAt: start + (everyMs * ((at * 61) % writers.length)) / writers.length,
      act: () => writer.act(),
    }));
  }

  #counted({ readers }: Board): readonly Reader[] {
    return readers.slice(0, readers.length - (this.shape.apart ?? 0));
  }

  #found() {
    let edits = 0;
    let expected = 0;
    for (const board of this.boards) {
      const sent = board.ledger.sentAt.flat().filter((at) => this.tally.counts(at)).length;
      edits += sent;
      expected += sent * (this.#counted(board).length - 1);
    }
    const acknowledges = this.connections[0]?.acknowledges === true;
    return {
      peer: this.tally.latencies.summary(),
      acks: acknowledges ? this.acks.summary() : null,
      edits,
      expected,
      delivered: this.tally.delivered,
      superseded: this.tally.superseded,
      missing: this.missing(),
      duplicates: this.tally.duplicates,
      closed: this.connections.filter((one) => one.closed !== null).length,
      lagP99: this.lag.quantile(0.99),
    };
  }

  #wire() {
    const wire = { bytesIn: 0, framesIn: 0, bytesOut: 0 };
    for (const connection of this.connections) {
      wire.bytesIn += connection.bytesIn;
      wire.framesIn += connection.framesIn;
      wire.bytesOut += connection.bytesOut;
    }
    return wire;
  }
}
