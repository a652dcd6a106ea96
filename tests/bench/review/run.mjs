// node tests/bench/review/run.mjs [--entries 1000000] [--stores postgres,embedded]: builds, starts PostgreSQL where it is installed, and measures.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { openServices } from '../../../scripts/test-services.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    stores: { type: 'string', default: 'postgres,embedded' },
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
    env: { ...process.env, ...services, SCALE_ENTRIES: values.entries, SCALE_STORES: values.stores },
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
await Promise.all(found.map(({ stop }) => stop()));
