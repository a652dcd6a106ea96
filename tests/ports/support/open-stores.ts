import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'vitest';

import { type EmbeddedStore, openEmbedded } from '#server/platform/storage/embedded.ts';
import { openPostgres } from '#server/platform/storage/postgres.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { cutAtOnce, type LineMeddle, TcpProxy } from '#tests/faults/support/tcp-proxy.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { testWith } from '#tests/support/services.ts';

const dist = path.resolve(import.meta.dirname, '../../../dist');
const folders: string[] = [];

export type OpenedStore = {
  readonly store: Store;
  /** Another store on the same data; the embedded one must be closed before. */
  readonly again: () => Promise<Store>;
  readonly drop: () => Promise<void>;
};

export type Implementation = {
  readonly name: string;
  readonly run: typeof test;
  open(): Promise<OpenedStore>;
  /** Over a line that breaks at the statement in which `lineBreaks` stands. */
  openOverBadLine(): Promise<OpenedStore>;
};

/**
 * In the text of a statement: the line breaks before it is carried out, or after and before its answer is there; or the
 * server breaks down over the error it gives.
 */
export const lineBreaks = {
  before: '/* the line breaks before */',
  after: '/* the line breaks after */',
  panic: '/* the server breaks down */',
};

/** Every store of the hub, for the suites that hold them to one contract. */
export const implementations: readonly Implementation[] = [
  {
    name: 'embedded',
    run: test,
    async open() {
      return embeddedIn(scratch(), path.join(dist, 'embedded-worker.js'));
    },
    async openOverBadLine() {
      return embeddedIn(scratch(), path.join(import.meta.dirname, 'breaking-worker.mjs'));
    },
  },
  {
    name: 'postgres',
    run: testWith('postgres'),
    async open() {
      const { url, drop } = await freshDatabase();
      const connect = () => openPostgres({ url, poolSize: 8, onLost: () => undefined });
      return { store: await connect(), again: connect, drop };
    },
    async openOverBadLine() {
      const { url, drop } = await freshDatabase();
      const proxy = await TcpProxy.to(Number(new URL(url).port || 5432), breakingLine);
      const through = new URL(url);
      through.port = String(proxy.port);
      const connect = (to: string) => openPostgres({ url: to, poolSize: 2, onLost: () => undefined });
      return {
        store: await connect(through.href),
        again: () => connect(url),
        async drop() {
          await proxy.close();
          await drop();
        },
      };
    },
  },
];

export function openInFolder(
  folder: string,
  workerFile = path.join(dist, 'embedded-worker.js'),
): Promise<EmbeddedStore> {
  const imageFolder = path.join(dist, 'pg-image');
  return openEmbedded({ folder, workerFile, imageFolder, onLost: () => undefined });
}

export function scratch(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-store-'));
  folders.push(folder);
  return folder;
}

export function removeScratch(): void {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

async function embeddedIn(folder: string, workerFile: string): Promise<OpenedStore> {
  return {
    store: await openInFolder(folder, workerFile),
    again: () => openInFolder(folder),
    drop: async () => undefined,
  };
}

function breakingLine(): LineMeddle {
  let answer = false;
  let panic = false;
  return {
    up(bytes) {
      answer ||= bytes.includes(lineBreaks.after);
      panic ||= bytes.includes(lineBreaks.panic);
      return bytes.includes(lineBreaks.before) ? cutAtOnce : { bytes };
    },
    down: (bytes) => (answer ? cutAtOnce : { bytes: panic ? worse(bytes) : bytes }),
  };
}

function worse(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('ERROR', 'PANIC'), 'latin1');
}
