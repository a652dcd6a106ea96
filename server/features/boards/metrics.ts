import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

import type { BoardEngine } from './engine/board-engine.ts';
import type { BoardCounters, BoardGauges, Meters, Timing } from './engine/types.ts';

const seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

const timings: Readonly<Record<Timing, string>> = {
  commit: 'From the arrival of a change of a board to its commit.',
  broadcast: 'From the commit of a batch to its having been written to every socket of this node.',
  load: 'Reading a board from its newest checkpoint and what follows.',
  checkpoint: 'Making and storing the cached state of a board, off the main thread.',
  revocation: 'From hearing that rights moved to the closing of a socket that lost them.',
};

const gauges: Readonly<Record<keyof BoardGauges, string>> = {
  boards: 'Boards held open.',
  bytes: 'Bytes of the record that the open boards are made of.',
  sockets: 'Sockets on boards.',
  stale: 'Sockets that are behind because they do not read.',
  inbox: 'Changes that wait for a commit.',
  gathered: 'Batches of changes that wait for the statement under way.',
  behind: 'Open boards of which the record is known to have more than this node.',
};

const counters: Readonly<Record<keyof BoardCounters, string>> = {
  commits: 'Batches committed.',
  statements: 'Statements by which batches of one or more boards were committed together.',
  edits: 'Changes committed.',
  refusals: 'Sockets sent away.',
  discards: 'Documents thrown away and read again.',
  gapsHealed: 'Commits of other nodes that were read from the record because the bus had not brought them.',
  stale: 'Times that a reader fell behind.',
  ghosts: 'Presences of silent nodes taken off a board.',
};

/** Figures of the boards at /metrics, in seconds and pieces, named `muster_board_…`. [BD-29] */
export function meterBoards(registry: Registry): Meters {
  const registers = [registry];
  const histograms = new Map(
    Object.entries(timings).map(([name, help]) => [
      name,
      new Histogram({ name: `muster_board_${name}_seconds`, help, buckets: seconds, registers }),
    ]),
  );
  const refused = new Counter({
    name: 'muster_board_refused_total',
    help: 'Sockets sent away, by the code of the refusal.',
    labelNames: ['code'],
    registers,
  });
  return {
    took: (what, milliseconds) => histograms.get(what)?.observe(milliseconds / 1000),
    refused: (code) => refused.inc({ code }),
  };
}

/** Reads the engine when somebody asks for the figures. */
export function showBoards(registry: Registry, engine: BoardEngine): void {
  const registers = [registry];
  for (const [name, help] of entriesOf(gauges)) {
    new Gauge({
      name: `muster_board_${snake(name)}`,
      help,
      registers,
      collect() {
        this.set(engine.gauges[name]);
      },
    });
  }
  for (const [name, help] of entriesOf(counters)) {
    new Counter({
      name: `muster_board_${snake(name)}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(engine.counters[name]);
      },
    });
  }
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function entriesOf<K extends string>(record: Readonly<Record<K, string>>): [K, string][] {
  return Object.entries(record) as [K, string][];
}
