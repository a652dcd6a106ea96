import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';

/** Milliseconds. */
export type Spread = { readonly median: number; readonly p99: number; readonly max: number };

/** When and on what a part was measured: parts may come from several runs. */
export type Run = {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Of the machine in the minute before: what else was running. */
  readonly load: number;
};

export type AppendFigures = {
  readonly store: string;
  readonly how: string;
  readonly commits: number;
  readonly without: Spread;
  readonly with: Spread;
};

export type Answer = { readonly what: string; readonly asked: number; readonly spread: Spread };

/** One long record: its proofs, its export and the verification of that. */
export type ServedFigures = {
  readonly store: string;
  readonly entries: number;
  readonly answers: readonly Answer[];
  readonly exported: {
    readonly seconds: number;
    /** Seconds of processor, of hub, download and embedded store together: the same on a machine that is busy. */
    readonly processor: number;
    readonly megabytes: number;
    /** Milliseconds in which the loop of the hub was not free, meanwhile. */
    readonly pause: Spread;
  };
  readonly verification: {
    readonly entries: number;
    readonly seconds: number;
    readonly processor: number;
    readonly peakMegabytes: number;
    readonly said: readonly string[];
  };
};

/** What is asked of one long record in review. */
export type ReviewFigures = {
  readonly store: string;
  readonly entries: number;
  readonly answers: readonly Answer[];
};

export type Figures = {
  readonly append?: Run & { readonly ways: readonly AppendFigures[] };
  readonly served?: Readonly<Record<string, Run & ServedFigures>>;
  readonly review?: Readonly<Record<string, Run & ReviewFigures>>;
};

/** Adds parts to those that earlier runs have left in the file; the newer of two of one name stays. */
export function keepFigures(file: string, given: Figures): Figures {
  const held = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Figures) : {};
  const all: Figures = {
    ...held,
    ...given,
    served: { ...held.served, ...given.served },
    review: { ...held.review, ...given.review },
  };
  fs.writeFileSync(file, `${JSON.stringify(all, null, 1)}\n`);
  return all;
}

/** Asked before the part begins. */
export function thisRun(root: string): Run {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    node: process.version,
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    load: os.loadavg()[0] ?? 0,
  };
}

export function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN };
}
