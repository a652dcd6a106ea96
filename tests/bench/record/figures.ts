/** Milliseconds. */
export type Spread = { readonly median: number; readonly p99: number; readonly max: number };

export type AppendFigures = {
  readonly store: string;
  readonly how: string;
  readonly commits: number;
  readonly without: Spread;
  readonly with: Spread;
};

export type ServedFigures = { readonly what: string; readonly asked: number; readonly spread: Spread };

export type Figures = {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly append: readonly AppendFigures[];
  readonly entries: number;
  readonly served: readonly ServedFigures[];
  readonly verification: {
    readonly entries: number;
    readonly megabytes: number;
    readonly seconds: number;
    readonly peakMegabytes: number;
    readonly said: readonly string[];
  };
};

export function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN };
}

const ms = (value: number) => value.toFixed(2);

/** The page, whole: nothing in it was written by hand. */
export function pageOf({ append, served, verification, ...given }: Figures): string {
  const { date, commit, node, cores, memoryGb, entries } = given;
  const appended = append.map(
    ({ store, how, commits, without, with: under }) =>
      `| ${store} | ${how} | ${commits} | ${ms(without.median)} / ${ms(without.p99)} | ${ms(under.median)} / ${ms(under.p99)} | ${ms(under.median - without.median)} |`,
  );
  const answers = served.map(
    ({ what, asked, spread }) =>
      `| ${what} | ${asked} | ${ms(spread.median)} | ${ms(spread.p99)} | ${ms(spread.max)} |`,
  );
  return `# What the record costs

Written by \`npm run bench:record -- --write\` on ${date}, commit ${commit}, Node ${node}, ${cores} cores, ${memoryGb} GB. Milliseconds. How it is
measured: \`tests/bench/record\`.

## Appending

The same commits with one entry (salted hash, leaf hash, entry, head of the record) and without, one by one in turns, in one run. Each is durable (fsync).

| Store | Commit | Of each | without, median / p99 | with, median / p99 | the record adds, median |
|---|---|---|---|---|---|
${appended.join('\n')}

## Proofs

Served over HTTP by a hub in the same process, on a record of ${entries.toLocaleString('en')} entries, one after another, for places at random.

| Answer | Asked | median | p99 | max |
|---|---|---|---|---|
${answers.join('\n')}

## Verification without a network

\`npm run verify\` of the whole record as exported over HTTP: ${verification.entries.toLocaleString('en')} entries with their contents, ${verification.megabytes.toFixed(0)} MB,
in ${verification.seconds.toFixed(1)} s, at most ${verification.peakMegabytes.toFixed(0)} MB of memory. It said:

\`\`\`
${verification.said.join('\n')}
\`\`\`
`;
}
