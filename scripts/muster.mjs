#!/usr/bin/env node
// npx muster <command>: what a desk runs by itself. Builds the programs when they are not there yet.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const program = path.join(root, 'dist/muster.js');

if (!fs.existsSync(program)) {
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs'), 'server'], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status !== 0) process.exit(2);
}
await import(pathToFileURL(program).href);
