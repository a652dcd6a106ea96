import fs from 'node:fs';

import type { Outcome } from '../load/job.ts';

export type Measurement = {
  readonly system: string;
  readonly workload: string;
  readonly run: number;
  readonly outcome: Outcome | null;
};

export type Machine = {
  readonly date: string;
  readonly commit: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly fsync: string | null;
};

export type Results = {
  readonly machine: Machine;
  /** Options of the command line. */
  readonly options: string;
  readonly measurements: readonly Measurement[];
};

export function readResults(file: string): Results {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Results;
}

/** Of one system under one workload, over its runs. */
export type Middle = {
  readonly runs: number;
  /** Runs that could not be measured. */
  readonly failed: number;
  of(figure: (outcome: Outcome) => number | null): number | null;
  spread(figure: (outcome: Outcome) => number | null): readonly [number, number] | null;
};

export function middleOf(results: Results, system: string, workload: string): Middle {
  const here = results.measurements.filter((one) => one.system === system && one.workload === workload);
  const outcomes = here.flatMap(({ outcome }) => (outcome === null ? [] : [outcome]));
  const sorted = (figure: (outcome: Outcome) => number | null) =>
    outcomes
      .map(figure)
      .filter((value) => value !== null)
      .sort((a, b) => a - b);
  return {
    runs: here.length,
    failed: here.length - outcomes.length,
    of: (figure) => median(sorted(figure)),
    spread(figure) {
      const values = sorted(figure);
      const [least, most] = [values[0], values.at(-1)];
      return least === undefined || most === undefined ? null : [least, most];
    },
  };
}

function median(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2;
}
