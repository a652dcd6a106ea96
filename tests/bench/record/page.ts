import type { Answer, Figures, ReviewFigures, Run, ServedFigures } from './figures.ts';

const ms = (value: number) => value.toFixed(2);
const many = (value: number) => value.toLocaleString('en');

/** The page, whole: nothing in it was written by hand. What has not been measured is left out. */
export function pageOf({ append, served = {}, review = {} }: Figures): string {
  const parts = [
    ...(append === undefined ? [] : [appended(append)]),
    ...Object.values(served).flatMap((one) => [proofs(one), verified(one)]),
    ...Object.values(review).map(reviewed),
  ];
  return `# What the record costs

Written by \`npm run bench:record -- --write\`, and what is asked in review by \`node tests/bench/review/run.mjs --write\`. Milliseconds unless it says
otherwise. How it is measured: \`tests/bench/record\`, \`tests/bench/review\`. The load is that of the machine in the minute before, by everything
that ran on it: beyond the number of its cores, everything takes longer than it would alone.

${parts.join('\n\n')}
`;
}

function on({ date, commit, node, cores, memoryGb, load }: Run): string {
  return `${date}, commit ${commit}, Node ${node}, ${cores} cores, ${memoryGb} GB, load ${load.toFixed(1)}.`;
}

function appended({ ways, ...run }: NonNullable<Figures['append']>): string {
  const rows = ways.map(
    ({ store, how, commits, without, with: under }) =>
      `| ${store} | ${how} | ${commits} | ${ms(without.median)} / ${ms(without.p99)} | ${ms(under.median)} / ${ms(under.p99)} | ${ms(under.median - without.median)} |`,
  );
  return `## Appending

The same commits with one entry (salted hash, leaf hash, entry, head of the record) and without, one by one in turns, in one run. Each is durable
(fsync). ${on(run)}

| Store | Commit | Of each | without, median / p99 | with, median / p99 | the record adds, median |
|---|---|---|---|---|---|
${rows.join('\n')}`;
}

function table(answers: readonly Answer[]): string {
  const rows = answers.map(
    ({ what, asked, spread: { median, p99, max } }) =>
      `| ${what} | ${asked} | ${ms(median)} | ${ms(p99)} | ${ms(max)} |`,
  );
  return `| Answer | Asked | median | p99 | worst |\n|---|---|---|---|---|\n${rows.join('\n')}`;
}

function proofs({ store, entries, answers, ...run }: Run & ServedFigures): string {
  return `## Proofs: ${store}

Served over HTTP by a hub in the same process, on a record of ${many(entries)} entries, one after another, for places at random. ${on(run)}

${table(answers)}`;
}

function verified({ store, exported, verification, ...run }: Run & ServedFigures): string {
  const { entries, seconds, processor, peakMegabytes, said } = verification;
  const { pause } = exported;
  return `## Export, and verification without a network: ${store}

The whole record, ${exported.megabytes.toFixed(0)} MB, left the hub in ${exported.seconds.toFixed(1)} s; hub, download and an embedded store took ${exported.processor.toFixed(1)} s of a processor. The loop of the
hub, in which the download was taken as well, was late by ${ms(pause.median)} ms at the median, ${ms(pause.p99)} ms at the 99th percentile and ${ms(pause.max)} ms at most. \`npm run verify\` then read
${many(entries)} entries with their contents in ${seconds.toFixed(1)} s, ${processor.toFixed(1)} s of a processor, with at most ${peakMegabytes.toFixed(0)} MB of memory. ${on(run)} It said:

\`\`\`
${said.join('\n')}
\`\`\``;
}

function reviewed({ store, entries, answers, ...run }: Run & ReviewFigures): string {
  return `## Search, lists, strips, replay and access: ${store}

Over HTTP, on a record of ${many(entries)} entries of forty days: boards, chat in two scripts, indicators, imports, visits and denials. ${on(run)}

${table(answers)}`;
}
