import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import type { HubOptions, TestHub } from '#tests/support/hub.ts';
import { startBoardHub } from './stores.ts';

/** A second node of the same hub, with its own folder and without a signer. */
export function nodeBeside(
  first: TestHub,
  { bus, clock, databaseUrl, restored }: Pick<HubOptions, 'bus' | 'clock' | 'databaseUrl' | 'restored'>,
): Promise<TestHub> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-node-'));
  fs.cpSync(path.join(first.folder, 'data', 'secret.key'), path.join(folder, 'data', 'secret.key'), {
    recursive: true,
  });
  return startBoardHub({
    ...(bus !== undefined && { bus }),
    ...(clock !== undefined && { clock }),
    ...(restored !== undefined && { restored }),
    ...(databaseUrl === undefined
      ? { sharedStore: { ...first.store, close: async () => undefined } }
      : { databaseUrl }),
    folder,
    signer: false,
  });
}
