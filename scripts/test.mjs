// npm test: builds, starts what the tests need, runs them once, and says what was not run.
// Paths and vitest's options may follow: npm test -- tests/ports. With CI=true anything not run is a failure.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { openServices } from './test-services.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

build();
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-report-'));
const report = path.join(scratch, 'report.json');
const { found, absent } = await openServices();
try {
  const exitCode = await runVitest();
  conclude(exitCode, readReport());
} finally {
  await Promise.all(found.map(({ stop }) => stop()));
  fs.rmSync(scratch, { recursive: true, force: true });
}

function build() {
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  if (built.status === 0) return;
  process.stderr.write('The build failed, so no test was run.\n0 passed, 1 failed\n');
  process.exit(1);
}

function runVitest() {
  const services = Object.fromEntries(found.map(({ variable, value }) => [variable, value]));
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env;
  const vitest = spawn(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: 'inherit', env: { ...rest, ...services } },
  );
  // An interrupt reaches vitest as well; this process stays to stop the services.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => vitest.kill(signal));
  return new Promise((resolve) => {
    vitest.once('error', () => resolve(1));
    vitest.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Every test with its outcome; a file that could not be loaded counts as one failed test. */
function readReport() {
  if (!fs.existsSync(report)) return { passed: 0, failed: 1, notRun: [] };
  const files = JSON.parse(fs.readFileSync(report, 'utf8')).testResults;
  const tests = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, fullName }) => ({ status, fullName, file: path.relative(root, name) })),
  );
  const count = (status) => tests.filter((test) => test.status === status).length;
  const broken = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: count('passed'),
    failed: count('failed') + broken.length,
    notRun: tests.filter(({ status }) => status !== 'passed' && status !== 'failed'),
  };
}

function conclude(exitCode, { passed, failed, notRun }) {
  const strict = process.env.CI === 'true';
  for (const { name, absent: how } of absent) process.stdout.write(`Not found: ${name}. ${how}.\n`);
  if (notRun.length > 0) {
    process.stdout.write(`Not run: ${notRun.length} ${notRun.length === 1 ? 'test' : 'tests'}\n`);
    for (const { file, fullName } of notRun) process.stdout.write(`  - ${file}: ${fullName}\n`);
    if (strict) process.stdout.write('With CI=true, what was not run counts as failed.\n');
  }
  const unmet = strict ? notRun.length : 0;
  // vitest also fails for errors outside any test.
  const outside = exitCode !== 0 && failed === 0 ? 1 : 0;
  const failures = failed + unmet + outside;
  if (outside) process.stdout.write('The run failed outside any test; see above.\n');
  process.stdout.write(`${passed} passed, ${failures} failed\n`);
  process.exitCode = failures === 0 && passed > 0 ? 0 : 1;
}
