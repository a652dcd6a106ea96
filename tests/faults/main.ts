import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { killRounds } from './kill-rounds.ts';
import { Chance } from './support/chance.ts';

/* The long form: npm run faults -- --rounds 500 --store embedded|postgres --seed N */

function option(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const seed = Number(option('seed', String(Date.now() % 1_000_000)));
const rounds = Number(option('rounds', '100'));
const store = option('store', 'embedded');
const databaseUrl = store === 'postgres' ? process.env.TEST_DATABASE_URL : undefined;
if (store === 'postgres' && databaseUrl === undefined) throw new Error('no PostgreSQL was found');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-faults-'));

say(`kill -9, ${rounds} rounds, ${store} store, seed ${seed}`);
const result = await killRounds({
  folder,
  chance: new Chance(seed),
  rounds,
  chapter: Number(option('chapter', '25')),
  databaseUrl,
  say,
});
for (const [came, times] of [...result.deaths].sort()) say(`  ${came}: ${times}`);
say(JSON.stringify(result.counts));
process.exitCode = result.problems.length === 0 ? 0 : 1;
