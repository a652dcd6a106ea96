// npm run verify -- <export> [--key <vkey>] [--witness <vkey>]: checks an exported record without any network.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
// The same for `npm run receipts`: receipts against an export.
const receipts = process.argv[2] === '--receipts';
const program = path.join(root, receipts ? 'dist/receipts.js' : 'dist/verify.js');
/** Nothing was checked: the exit code `verify` itself uses for that. */
const NOTHING_CHECKED = 2;

if (!fs.existsSync(program)) run(path.join(root, 'scripts/build.mjs'), ['server']);
run(program, process.argv.slice(receipts ? 3 : 2));

function run(file, args) {
  const { status } = spawnSync(process.execPath, [file, ...args], { stdio: 'inherit' });
  process.exitCode = status ?? NOTHING_CHECKED;
  if (file !== program && status !== 0) process.exit(NOTHING_CHECKED);
}
