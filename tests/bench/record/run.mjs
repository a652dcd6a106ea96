// npm run bench:record [-- --parts append,served --stores postgres,embedded --entries 1000000 --commits 2000 --asked 500]: what the record costs.
// Each part is kept in dist/bench-record.json (--figures), beside those of earlier runs; --write makes docs/benchmarks-record.md of all of them.
// SCALE_KEEP=folder takes the long records that tests/bench/review has left there.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

import { isPackage } from '../../../scripts/bundles.mjs';
import { openServices } from '../../../scripts/test-services.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
// Two folders below the root, like the helpers of the tests that it shares: they find dist/ from where they are.
const program = path.join(root, 'node_modules/.cache/muster-bench-record.js');

must(['scripts/build.mjs', 'server', 'image']);
const built = await rolldown({
  cwd: root,
  input: 'tests/bench/record/main.ts',
  platform: 'node',
  logLevel: 'warn',
  external: isPackage,
});
await built.write({ file: program, format: 'esm', sourcemap: true, codeSplitting: false });

const { found, absent } = await openServices();
try {
  const services = Object.fromEntries(found.map(({ variable, value }) => [variable, value]));
  for (const { name, absent: how } of absent) process.stdout.write(`Not found: ${name}. ${how}.\n`);
  const { status } = spawnSync(process.execPath, [program, root, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...services },
  });
  process.exitCode = status ?? 1;
} finally {
  await Promise.all(found.map(({ stop }) => stop()));
}

function must(parameters) {
  const { status } = spawnSync(process.execPath, parameters, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${parameters.join(' ')} failed`);
}
