import fs from 'node:fs';
import path from 'node:path';

import { sleep } from './pace.ts';
import { usageOf } from './procs.ts';

export type Memory = {
  /** What the servers hold, as the system counts it. Bytes, like the other. */
  readonly resident: number;
  /** The same without room that V8 took for garbage and keeps: up to 80 MB from the start of a server, filled before more is taken. */
  readonly live: number;
};

/** Once all is quiet and every thread of the servers has collected its garbage. `folder` is where they write: systems/collect.mjs. */
export async function memoryOf(servers: readonly number[], folder: string): Promise<Memory> {
  await sleep(2_000);
  const { resident } = usageOf(servers, []);
  for (const file of fs.readdirSync(folder)) fs.rmSync(path.join(folder, file));
  for (const pid of servers) process.kill(pid, 'SIGUSR2');
  await sleep(2_000);
  const files = fs.readdirSync(folder);
  for (const pid of servers) {
    if (!files.includes(`${pid}.0`)) throw new Error(`server ${pid} did not collect its garbage`);
  }
  const empty = files.map((file) => Number(fs.readFileSync(path.join(folder, file), 'utf8')));
  return { resident, live: usageOf(servers, []).resident - empty.reduce((sum, one) => sum + one, 0) };
}
