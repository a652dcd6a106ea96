import type { Dialect } from './dialects.ts';
import type { Summary } from './latencies.ts';

/** What a load process is told. */
export type Job = {
  readonly workload: string;
  readonly dialect: Dialect;
  readonly bases: readonly string[];
  readonly servers: readonly number[];
  readonly helpers: readonly number[];
  readonly seconds: number;
  /** Where servers write of their memory. */
  readonly folder: string;
};

/** What it found. Latencies in milliseconds. */
export type Outcome = {
  readonly peer: Summary;
  /** From sending to the system's own "saved"; `null` where it has none. */
  readonly acks: Summary | null;
  readonly expected: number;
  readonly delivered: number;
  /** Part of `delivered`: seen only by a newer value of the same field in the same frame. */
  readonly superseded: number;
  /** Never seen by the end of the drain, whether sent within the window or not. */
  readonly missing: number;
  readonly duplicates: number;
  readonly edits: number;
  /** Connections that the system closed. */
  readonly closed: number;
  /** Within the window. */
  readonly cpuSeconds: number;
  /** To the disk, by the whole machine, from its start to the end of the drain. */
  readonly writtenBytes: number;
  readonly residentBytes: number;
  readonly bytesIn: number;
  readonly framesIn: number;
  readonly bytesOut: number;
  readonly windowSeconds: number;
  /** Of one core, while measuring: near 1 the generator is what is measured. */
  readonly generatorLoad: number;
  readonly lagP99: number | null;
  /** Figures of one workload only, by name. */
  readonly more: Readonly<Record<string, number | null>>;
};
