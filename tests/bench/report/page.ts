import fs from 'node:fs';
import path from 'node:path';

import { systems } from '../systems/systems.ts';
import type { Results } from './results.ts';
import { printTables } from './tables.ts';

/** Writes docs/benchmarks.md from one result, and from nothing else. */
export function writePage(results: Results, benchFolder: string): void {
  const { machine, options } = results;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const durability = systems.map(({ title, durability }) => `- ${title}: ${durability}.`).join('\n');
  const page = `# Benchmarks

Made by \`npm run bench -- ${options}\` on ${machine.date}, commit ${machine.commit}: every system in one run, side by side, in an order that
turns from workload to workload. Figures are medians over the runs, with least and greatest in brackets where they matter. This page is written by
the command; what it says about one machine on one day is worth less than a run on yours.

## What was measured on

${machine.cores} cores, ${machine.memoryGb} GB of memory. Each server, with its database, bus or second node, has the first core; the load generator
has the second. ${versions.join(', ')}. ${machine.fsync === null ? '' : `One durable write of 8 KB, by \`pg_test_fsync\`: ${machine.fsync}.`}

## What a system keeps of a change that others have seen

${durability}

## How to read the tables

Milliseconds. *p50 … max*: from the moment an officer makes a change until another connection has it, over all pairs, on one monotonic clock.
*ack*: until the system itself says that it is saved, where it says so; Hocuspocus says so from memory. *delivered*: changes that arrived, of those
that should have, within 15 s of the end; anything but 1 is a system that could not keep up. *CPU*: of the one core, the database included.
*generator*: of the other core; above 90 % the generator is part of what is measured. *wire*: bytes to the readers for each change delivered.
*disk*: bytes that went to the disk meanwhile for each change, by the whole machine. *KB a connection*, *KB a board*: what a server holds more once they
are open and its garbage is collected, without the room that V8 keeps for garbage to come; *resident* is with that room, and before any collection.

${printTables(results)}
`;
  fs.writeFileSync(path.join(benchFolder, '../../docs/benchmarks.md'), page);
}
