import { randomFillSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { witnessCommand } from '#server/cli/witness/command.ts';

import { CREDENTIAL, OPERATION } from './lying-hub.ts';

const folders: string[] = [];

export function freshFolder(): string {
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'muster-witness-')), 'witness');
  folders.push(path.dirname(folder));
  return folder;
}

export function dropFolders(): void {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

export type Ran = { readonly code: number; readonly printed: string; readonly complained: string };

type Given = {
  readonly env?: Record<string, string>;
  readonly now?: () => number;
  /** Looks before the program is asked to stop. */
  readonly looks?: number;
  readonly onPause?: () => Promise<void>;
};

/** The command in this process, with the machine's network and a clock of the test's. */
export async function muster(
  args: readonly string[],
  { env, now = Date.now, looks = 1, onPause }: Given = {},
): Promise<Ran> {
  const [printed, complained]: [string[], string[]] = [[], []];
  let pauses = 0;
  const code = await witnessCommand(args, {
    fetch: globalThis.fetch,
    now,
    pause: async () => {
      pauses += 1;
      await onPause?.();
    },
    stopping: () => pauses >= looks,
    env: { MUSTER_WITNESS_CREDENTIAL: CREDENTIAL, ...env },
    random: { bytes: (length) => randomFillSync(new Uint8Array(length)) },
    terminal: { print: (line) => printed.push(line), complain: (line) => complained.push(line) },
  });
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}

export const makeKey = (dir: string) =>
  muster(['new', '--dir', dir, '--operation', OPERATION, '--desk', 'SG-CCD']);
export const lookOnce = (dir: string, hub: { url: string }, ...more: string[]) =>
  muster(['run', '--dir', dir, '--hub', hub.url, '--once', ...more]);
