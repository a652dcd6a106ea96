import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { storeKinds } from '#tests/record/support.ts';

import { measureAppend } from './append.ts';
import { type AppendFigures, type Figures, pageOf } from './figures.ts';
import { measureServed } from './served.ts';

const [root = '.', ...given] = process.argv.slice(2);
const { values } = parseArgs({
  args: given,
  options: {
    entries: { type: 'string', default: '1000000' },
    commits: { type: 'string', default: '2000' },
    asked: { type: 'string', default: '500' },
    out: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

const append: AppendFigures[] = [];
for (const kind of storeKinds) append.push(...(await measureAppend(kind, Number(values.commits))));
for (const { store, how, without, with: under } of append)
  say(
    `${store}, ${how}: median ${without.median.toFixed(2)} without, ${under.median.toFixed(2)} with the record`,
  );
const served = await measureServed({
  entries: Number(values.entries),
  asked: Number(values.asked),
  root,
  say,
});
const figures: Figures = {
  date: new Date().toISOString().slice(0, 10),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
  node: process.version,
  cores: os.availableParallelism(),
  memoryGb: Math.round(os.totalmem() / 2 ** 30),
  append,
  ...served,
};
const page = pageOf(figures);
say(page);
if (values.out !== undefined) fs.writeFileSync(values.out, `${JSON.stringify(figures, null, 1)}\n`);
if (values.write) fs.writeFileSync(path.join(root, 'docs/benchmarks-record.md'), page);
process.exit(0);
