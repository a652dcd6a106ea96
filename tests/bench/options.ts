import path from 'node:path';
import { parseArgs } from 'node:util';

import type { System } from './systems/systems.ts';
import type { Workload } from './workloads/workloads.ts';

export type Options = {
  readonly runs: number;
  /** Of each measuring window. */
  readonly seconds: number;
  readonly workloads: readonly Workload[];
  readonly systems: readonly System[];
  readonly nodeOptions: readonly string[];
  /** Where the figures go. */
  readonly out: string;
  /** Whether docs/benchmarks.md is written anew. */
  readonly writes: boolean;
  /** Only the page, from the figures in this file. */
  readonly page: string | null;
  /** As they were given, for the page. */
  readonly said: string;
};

export function readOptions(
  given: readonly string[],
  workloads: readonly Workload[],
  systems: readonly System[],
): Options {
  const { values } = parseArgs({
    args: [...given],
    options: {
      runs: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '4' },
      workloads: { type: 'string' },
      systems: { type: 'string' },
      profile: { type: 'string' },
      out: { type: 'string', default: 'dist/bench.json' },
      page: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const { profile } = values;
  return {
    runs: Number(values.runs),
    seconds: Number(values.seconds),
    workloads: chosen(values.workloads, workloads, (one, name) => one.name === name || one.group === name),
    systems: chosen(values.systems, systems, (one, name) => one.name === name),
    nodeOptions: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profile)}`],
    out: path.resolve(values.out),
    writes: values.write,
    page: values.page === undefined ? null : path.resolve(values.page),
    said: given.join(' ').replace(/\s*--out \S+/, ''),
  };
}

/** In the order of the list; all when nothing is named. */
function chosen<T extends { readonly name: string }>(
  names: string | undefined,
  all: readonly T[],
  fits: (one: T, name: string) => boolean,
): readonly T[] {
  if (names === undefined) return all;
  const wanted = names.split(',');
  for (const name of wanted) {
    if (!all.some((one) => fits(one, name))) throw new Error(`nothing is called ${name}`);
  }
  return all.filter((one) => wanted.some((name) => fits(one, name)));
}
