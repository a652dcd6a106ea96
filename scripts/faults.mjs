// npm run faults -- --faults kill|store|disk|bus|network|revocation --rounds 500 --store embedded|postgres --seed N
// The long form of tests/faults: builds, runs, prints counts, and exits with 1 on any loss. docs/reliability.md
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

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
  external: (id) => /^(node:|[a-z@](?!.*\.ts$))/.test(id) && !path.isAbsolute(id),
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
