import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import type { Job, Outcome } from './load/job.ts';
import { readOptions } from './options.ts';
import { describeMachine } from './report/machine.ts';
import { writePage } from './report/page.ts';
import { type Measurement, type Results, readResults } from './report/results.ts';
import { printTables } from './report/tables.ts';
import { cores, endAll, keep } from './systems/processes.ts';
import { fsyncFigure, startPostgres, startRedis } from './systems/services.ts';
import { collecting, type Ground, memoryFolder, type System, systems } from './systems/systems.ts';
import { type Workload, workloads } from './workloads/workloads.ts';

const [benchFolder = '', ...given] = process.argv.slice(2);
const options = readOptions(given, workloads, systems);
let leaving = false;
const say = (line: string) => process.stdout.write(`${line}\n`);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-bench-'));
// PostgreSQL runs as a user of its own and has its folder in here.
fs.chmodSync(scratch, 0o711);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void leave().then(() => process.exit(130)));

if (options.page !== null) {
  writePage(readResults(options.page), benchFolder);
  await leave();
} else {
  const fsync = fsyncFigure(scratch);
  const services = { postgres: await startPostgres(scratch), redis: await startRedis(scratch) };
  const { nodeOptions } = options;
  const ground = { services, benchFolder, distFolder: import.meta.dirname, scratch, nodeOptions };
  try {
    const measurements = await measureAll(ground);
    const results: Results = {
      machine: describeMachine(benchFolder, fsync),
      options: options.said,
      measurements,
    };
    fs.writeFileSync(options.out, `${JSON.stringify(results, null, 1)}\n`);
    say(printTables(results));
    say(`Results: ${options.out}`);
    if (options.writes) writePage(results, benchFolder);
  } finally {
    await leave();
  }
}

async function leave(): Promise<void> {
  leaving = true;
  await endAll();
  fs.rmSync(scratch, { recursive: true, force: true });
}

/** Runs outermost, systems innermost and turned by one each time, so that no system always comes first or after the same. */
async function measureAll(ground: Ground): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  let turn = 0;
  for (let run = 0; run < options.runs; run++) {
    for (const workload of options.workloads) {
      if (workload.once === true && run > 0) continue;
      const able = options.systems.filter((system) => canRun(system, workload, ground));
      const order = able.map((_, at) => able[(at + turn) % able.length]);
      turn += 1;
      for (const system of order) {
        if (system === undefined) continue;
        const outcome = await measureOne(system, workload, ground);
        measurements.push({ system: system.name, workload: workload.name, run, outcome });
        say(`run ${run + 1}  ${workload.name.padEnd(12)} ${system.name.padEnd(17)} ${inShort(outcome)}`);
      }
    }
  }
  return measurements;
}

function canRun(system: System, workload: Workload, { services }: Ground): boolean {
  const absent = system.needs.some((service) => services[service] === null);
  return !absent && (workload.only === undefined || workload.only.includes(system.name));
}

/** `null` when it could not be measured. */
async function measureOne(system: System, workload: Workload, ground: Ground): Promise<Outcome | null> {
  // Nothing more is started, and the process is about to end.
  if (leaving) return new Promise(() => undefined);
  const more = workload.collects === true ? collecting(ground) : [];
  const up = await system.up({ ...ground, nodeOptions: [...ground.nodeOptions, ...more] });
  const { bases, servers, helpers } = up;
  const seconds = Math.max(options.seconds, workload.seconds ?? 0);
  try {
    const folder = memoryFolder(ground);
    return await load({
      workload: workload.name,
      dialect: system.dialect,
      bases,
      servers,
      helpers,
      seconds,
      folder,
    });
  } catch (error) {
    say(`${workload.name} ${system.name}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    await up.stop();
  }
}

async function load(job: Job): Promise<Outcome> {
  const [jobFile, outcomeFile] = [path.join(scratch, 'job.json'), path.join(scratch, 'outcome.json')];
  fs.writeFileSync(jobFile, JSON.stringify(job));
  fs.rmSync(outcomeFile, { force: true });
  const program = path.join(import.meta.dirname, 'load.js');
  const child = spawn('taskset', ['-c', cores.measuring, process.execPath, program, jobFile, outcomeFile], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  keep(child, 'SIGKILL');
  const late = setTimeout(() => child.kill('SIGKILL'), 150_000);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(late);
  if (code !== 0) throw new Error(`the load ended with ${code}`);
  return JSON.parse(fs.readFileSync(outcomeFile, 'utf8')) as Outcome;
}

function inShort(outcome: Outcome | null): string {
  if (outcome === null) return 'not measured';
  const { peer, acks, delivered, expected, cpuSeconds, windowSeconds, generatorLoad } = outcome;
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(1));
  const ratio = expected === 0 ? '-' : (delivered / expected).toFixed(4);
  return [
    `p50 ${figure(peer.p50)} p99 ${figure(peer.p99)} max ${figure(peer.max)}`,
    `ack ${figure(acks?.p50 ?? null)}/${figure(acks?.p99 ?? null)}`,
    `delivered ${ratio}`,
    `cpu ${(cpuSeconds / windowSeconds).toFixed(2)} gen ${generatorLoad.toFixed(2)}`,
    ...Object.entries(outcome.more).map(([name, value]) => `${name} ${figure(value)}`),
  ].join('  ');
}
