import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { pause } from './support/chance.ts';
import { HubProcess } from './support/hub-process.ts';
import { openPostgresServer } from './support/servers.ts';
import type { Surroundings, Trouble } from './trouble-rounds.ts';

export type DiskGround = Surroundings & { readonly troubles: readonly Trouble[] };

/** One hub whose database lies on a disk so small that it can be filled. Mounting one needs to be root. */
export async function openDiskGround(folder: string, store: 'embedded' | 'postgres'): Promise<DiskGround> {
  const disk = path.join(folder, 'disk');
  mountSmall(disk);
  if (store === 'postgres') return onPostgres(folder, disk);
  fs.symlinkSync(disk, path.join(folder, 'data'));
  const hub = await HubProcess.at({ folder });
  return {
    hubs: [hub],
    databaseUrl: undefined,
    troubles: [fullTrouble(hub, disk, async () => undefined)],
    async close() {
      await hub.kill();
      execFileSync('umount', [disk]);
    },
  };
}

async function onPostgres(folder: string, disk: string): Promise<DiskGround> {
  const server = await openPostgresServer(path.join(disk, 'postgres'));
  await server.start();
  const hub = await HubProcess.at({ folder, settings: { DATABASE_URL: server.url } });
  // PostgreSQL gives up when it cannot write its log; an administrator makes room and starts it again.
  const again = async () => {
    await server.stop('SIGQUIT');
    await server.start();
  };
  return {
    hubs: [hub],
    databaseUrl: server.url,
    troubles: [fullTrouble(hub, disk, again)],
    async close() {
      await hub.kill();
      await server.stop('SIGQUIT');
      execFileSync('umount', [disk]);
    },
  };
}

function fullTrouble(hub: HubProcess, disk: string, recover: () => Promise<void>): Trouble {
  return {
    name: 'disk full',
    async happen(chance) {
      const free = fillDisk(disk);
      await pause(chance.int(1000, 3000));
      free();
      await recover();
      // A hub that could not go on has said so and ended: whoever watches over it starts it again.
      if (!hub.isRunning) hub.spawn();
      await hub.ready();
    },
  };
}

export function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

function mountSmall(folder: string): void {
  fs.mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=112m,mode=0755', 'tmpfs', folder]);
}

/** Writes to the disk that `folder` lies on until not a byte fits. The returned function makes room again. */
function fillDisk(folder: string): () => void {
  const file = path.join(folder, 'ballast');
  const handle = fs.openSync(file, 'w');
  for (const size of [1 << 20, 1 << 12, 1]) {
    try {
      for (;;) fs.writeSync(handle, Buffer.alloc(size));
    } catch (error) {
      if (Reflect.get(Object(error), 'code') !== 'ENOSPC') throw error;
    }
  }
  fs.closeSync(handle);
  return () => fs.rmSync(file);
}
