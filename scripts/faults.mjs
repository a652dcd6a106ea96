// npm run faults -- --faults kill|store|disk|bus|network|revocation|clock|restore|load|hostile --rounds 500 --store embedded|postgres --seed N
// The long form of tests/faults: builds, runs, prints counts, and exits with 1 on any loss. docs/reliability.md
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

import { isPackage } from './bundles.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

function option(name) {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

// Looked at from inside the process: tests, at greater length. A round is a visit to a board, or a frame.
const insideTests = {
  load: {
    length: 'LOAD_VISITS',
    rounds: '2000',
    run: ['tests/features/boards/load-unload.test.ts', '-t', 'joined and left'],
  },
  hostile: {
    length: 'FUZZ_FRAMES',
    rounds: '100000',
    run: ['tests/features/boards/hostile/fuzz.test.ts'],
  },
};
const inside = insideTests[option('faults')];
if (inside) {
  const seed = option('seed');
  const { status } = spawnSync(process.execPath, ['scripts/test.mjs', ...inside.run], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      [inside.length]: option('rounds') ?? inside.rounds,
      ...(seed && { FUZZ_SEED: seed }),
    },
  });
  process.exit(status ?? 1);
}

const built = spawnSync(process.execPath, ['scripts/build.mjs', 'server', 'image'], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
const bundle = await rolldown({
  cwd: root,
  input: { faults: 'tests/faults/main.ts' },
  platform: 'node',
  logLevel: 'warn',
  external: isPackage,
});
await bundle.write({ dir: path.join(root, 'dist'), format: 'esm', entryFileNames: '[name].js' });

const faults = spawn(process.execPath, ['dist/faults.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => faults.kill(signal));
faults.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
