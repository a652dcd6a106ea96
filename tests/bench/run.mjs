// npm run bench: installs the peers, bundles the hub and the bench, and measures. See README.md in this folder.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

import { isPackage, workers } from '../../scripts/bundles.mjs';

const bench = path.dirname(fileURLToPath(import.meta.url));
const peers = path.join(bench, 'peers');
const root = path.resolve(bench, '../..');
// Inside node_modules, so that what is bundled finds the hub's packages and not those of the peers.
const cache = path.join(root, 'node_modules/.cache/muster-bench');
const dist = path.join(cache, 'dist');

installPeers();
await bundle();
prepareHub();
measure();

function installPeers() {
  const lock = path.join(peers, 'package-lock.json');
  const mark = path.join(peers, 'node_modules/.package-lock.json');
  if (fs.existsSync(mark) && fs.statSync(mark).mtimeMs >= fs.statSync(lock).mtimeMs) return;
  // npm run hands the hub's own engine-strict down in the environment; the peers' .npmrc does not win over that.
  must('npm', ['ci', '--loglevel=error', '--engine-strict=false'], peers);
}

async function bundle() {
  const built = await rolldown({
    cwd: root,
    input: {
      main: 'tests/bench/main.ts',
      load: 'tests/bench/load/main.ts',
      hub: 'tests/bench/systems/hub-entry.ts',
      ...workers,
    },
    platform: 'node',
    logLevel: 'warn',
    external: isPackage,
  });
  fs.rmSync(cache, { recursive: true, force: true });
  await built.write({ dir: dist, format: 'esm', sourcemap: true, entryFileNames: '[name].js' });
}

function prepareHub() {
  must(process.execPath, ['scripts/build.mjs', 'image'], root);
  fs.cpSync(path.join(root, 'dist/pg-image'), path.join(dist, 'pg-image'), { recursive: true });
  fs.cpSync(path.join(root, 'server/migrations'), path.join(dist, 'migrations'), { recursive: true });
  const { version, type } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  fs.writeFileSync(path.join(cache, 'package.json'), JSON.stringify({ version, type }));
}

function measure() {
  const child = spawn(process.execPath, [path.join(dist, 'main.js'), bench, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  // An interrupt reaches the child as well, which stops what it has started.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

function must(program, parameters, cwd) {
  const done = spawnSync(program, parameters, { cwd, stdio: 'inherit' });
  if (done.status !== 0) throw new Error(`${program} ${parameters.join(' ')} failed`);
}
