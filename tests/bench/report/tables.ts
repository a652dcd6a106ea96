import type { Outcome } from '../load/job.ts';
import { systems } from '../systems/systems.ts';
import { workloads } from '../workloads/workloads.ts';
import { type Middle, middleOf, type Results } from './results.ts';

const columns: readonly { readonly title: string; readonly cell: (middle: Middle) => string }[] = [
  { title: 'p50', cell: (middle) => figure(middle.of(({ peer }) => peer.p50)) },
  { title: 'p99', cell: (middle) => withSpread(middle, ({ peer }) => peer.p99) },
  { title: 'p99.9', cell: (middle) => figure(middle.of(({ peer }) => peer.p999)) },
  { title: 'max', cell: (middle) => figure(middle.of(({ peer }) => peer.max)) },
  { title: 'ack p50', cell: (middle) => figure(middle.of(({ acks }) => acks?.p50 ?? null)) },
  { title: 'ack p99', cell: (middle) => figure(middle.of(({ acks }) => acks?.p99 ?? null)) },
  { title: 'delivered', cell: (middle) => part(middle.of(deliveredPart)) },
  { title: 'CPU', cell: (middle) => share(middle.of((one) => one.cpuSeconds / one.windowSeconds)) },
  { title: 'generator', cell: (middle) => share(middle.of(({ generatorLoad }) => generatorLoad)) },
  {
    title: 'wire B/delivery',
    cell: (middle) => figure(middle.of((one) => each(one.bytesIn, one.delivered))),
  },
  { title: 'disk B/change', cell: (middle) => figure(middle.of((one) => each(one.writtenBytes, one.edits))) },
];

/** One table for each workload that was measured, as Markdown. */
export function printTables(results: Results): string {
  const parts: string[] = [];
  for (const { name, title } of workloads) {
    const here = systems.filter((system) => middleOf(results, system.name, name).runs > 0);
    if (here.length === 0) continue;
    const more = moreNames(results, name);
    const head = ['System', ...columns.map((column) => column.title), ...more];
    const rows = here.map((system) => {
      const middle = middleOf(results, system.name, name);
      if (middle.failed === middle.runs)
        return [system.title, 'not measured', ...head.slice(2).map(() => '')];
      return [
        system.title,
        ...columns.map(({ cell }) => cell(middle)),
        ...more.map((one) => figure(middle.of((outcome) => outcome.more[one] ?? null))),
      ];
    });
    parts.push(`### ${name}: ${title}\n\n${table(head, rows)}`);
  }
  return parts.join('\n\n');
}

export function deliveredPart({ delivered, expected }: Outcome): number | null {
  return expected === 0 ? null : delivered / expected;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function figure(value: number | null): string {
  if (value === null) return '–';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function withSpread(middle: Middle, of: (outcome: Outcome) => number | null): string {
  const spread = middle.spread(of);
  const value = figure(middle.of(of));
  return spread === null || middle.runs < 2 ? value : `${value} (${figure(spread[0])}–${figure(spread[1])})`;
}

function moreNames(results: Results, workload: string): string[] {
  const names = results.measurements
    .filter((one) => one.workload === workload)
    .flatMap(({ outcome }) => Object.keys(outcome?.more ?? {}));
  return [...new Set(names)];
}

function each(total: number, parts: number): number | null {
  return parts === 0 ? null : total / parts;
}

/** Never rounded up to all of it. */
function part(value: number | null): string {
  if (value === null) return '–';
  return value === 1 ? '1' : Math.min(value, 0.9999).toFixed(4);
}

function share(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(0)} %`;
}
