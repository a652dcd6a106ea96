import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { storeKinds } from '#tests/record/support.ts';

import { measureAppend } from './append.ts';
import { type AppendFigures, keepFigures, thisRun } from './figures.ts';
import { pageOf } from './page.ts';
import { measureServed } from './served.ts';

const [root = '.', ...given] = process.argv.slice(2);
const { values } = parseArgs({
  args: given,
  options: {
    parts: { type: 'string', default: 'append,served' },
    stores: { type: 'string', default: storeKinds.join() },
    entries: { type: 'string', default: '1000000' },
    commits: { type: 'string', default: '2000' },
    asked: { type: 'string', default: '500' },
    figures: { type: 'string', default: path.join(root, 'dist/bench-record.json') },
    write: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const parts = values.parts.split(',');
const stores = storeKinds.filter((kind) => values.stores.split(',').includes(kind));

if (parts.includes('append')) {
  const run = thisRun(root);
  const ways: AppendFigures[] = [];
  for (const kind of stores) ways.push(...(await measureAppend(kind, Number(values.commits))));
  for (const { store, how, without, with: under } of ways)
    say(
      `${store}, ${how}: median ${without.median.toFixed(2)} without, ${under.median.toFixed(2)} with the record`,
    );
  keepFigures(values.figures, { append: { ...run, ways } });
}
if (parts.includes('served')) {
  for (const store of stores) {
    const run = thisRun(root);
    const { entries, asked } = values;
    const figures = await measureServed({ store, entries: Number(entries), asked: Number(asked), root, say });
    keepFigures(values.figures, { served: { [store]: { ...run, ...figures } } });
  }
}
const page = pageOf(keepFigures(values.figures, {}));
say(page);
if (values.write) fs.writeFileSync(path.join(root, 'docs/benchmarks-record.md'), page);
process.exit(0);
