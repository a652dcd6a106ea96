// node tests/bench/review/run.mjs [--entries 1000000] [--stores postgres,embedded]: builds, starts PostgreSQL where it is installed, and measures.
// Figures and page are those of npm run bench:record (--figures, --write). --keep folder leaves the records for the next run, those on PostgreSQL
// in the server of DATABASE_URL.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { openServices } from '../../../scripts/test-services.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    stores: { type: 'string', default: 'postgres,embedded' },
    keep: { type: 'string' },
    figures: { type: 'string', default: path.join(root, 'dist/bench-record.json') },
    write: { type: 'boolean', default: false },
  },
});

const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
const { found } = await openServices();
const services = Object.fromEntries(found.map(({ variable, value }) => [variable, value]));
const child = spawn(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/bench/review/vitest.config.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...services,
      SCALE_ENTRIES: values.entries,
      SCALE_STORES: values.stores,
      ...(values.keep !== undefined && { SCALE_KEEP: folder(values.keep) }),
      SCALE_FIGURES: path.resolve(values.figures),
      ...(values.write && { SCALE_PAGE: path.join(root, 'docs/benchmarks-record.md') }),
    },
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
await Promise.all(found.map(({ stop }) => stop()));

function folder(given) {
  const home = path.resolve(given);
  fs.mkdirSync(home, { recursive: true });
  return home;
}
